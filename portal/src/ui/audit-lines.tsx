import type { MessageDescriptor } from '@lingui/core';
import { useLingui } from '@lingui/react/macro';
import type { AuditEvent } from '../api/types.ts';
import type { Role } from '../session/person.ts';
import { formatIn } from '../time/zone.ts';
import { usualDeeds } from '../words/deeds.ts';
import { purposeNames } from '../words/purposes.ts';
import { roleNames } from '../words/roles.ts';

interface Props {
  events: AuditEvent[];
  /** E-mail addresses by the ids that people have, as far as they are known. */
  emails: ReadonlyMap<string, string>;
}

/** Lines of the audit trail, with users by their address and codes in words. */
export function AuditLines({ events, emails }: Props) {
  const { i18n, t } = useLingui();
  const at = formatIn(i18n.locale, { dateStyle: 'short', timeStyle: 'medium' });
  const roleOf = (role: string) => (role in roleNames ? i18n._(roleNames[role as Role]) : role);
  const purposeOf = (code: string) => (purposeNames[code] ? i18n._(purposeNames[code]) : code);
  const nameOf = (id: string) => emails.get(id) ?? <code>{id}</code>;
  return (
    <section
      aria-label={t`the audit trail`}
      className="overflow-x-auto rounded-card border border-line bg-surface"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached with the keyboard (WCAG 2.1.1)
      tabIndex={0}
    >
      <table className="w-full min-w-3xl text-left text-sm print:min-w-0 print:wrap-anywhere print:[&_code]:whitespace-normal print:[&_th]:whitespace-normal [&_td]:border-t [&_td]:border-line [&_td]:p-2 [&_td]:align-top [&_code]:whitespace-nowrap [&_th]:p-2 [&_th]:whitespace-nowrap">
        <thead>
          <tr>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`Where`}</th>
            <th scope="col">{t`Who`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Whose`}</th>
            <th scope="col">{t`Answer`}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((each) => (
            <tr key={`${each.service}-${each.sequence}`}>
              <td className="whitespace-nowrap">{at.format(new Date(each.at))}</td>
              <td className="whitespace-nowrap">{each.service}</td>
              <td>
                {each.actor === 'anonymous' ? t`nobody who was signed in` : nameOf(each.actor)}
                {each.roles.length > 0 && <span className="block text-quiet">{each.roles.map(roleOf).join(', ')}</span>}
              </td>
              <td>
                {each.action}
                {usualDeeds[each.action] && (
                  <span className="block text-quiet">{i18n._(usualDeeds[each.action] as MessageDescriptor)}</span>
                )}
                {each.purpose && <span className="block text-quiet">{purposeOf(each.purpose)}</span>}
              </td>
              <td>
                {[...Map.groupBy(each.subjects, (subject) => emails.get(subject) ?? subject).keys()].map((subject) => (
                  <span key={subject} className="block">
                    {each.subjects.includes(subject) ? <code>{subject}</code> : subject}
                  </span>
                ))}
              </td>
              <td>{each.outcome}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
