import { Trans, useLingui } from '@lingui/react/macro';
import type { AuditSearch } from '../api/audit.ts';
import { dateInWords } from '../time/zone.ts';

/** That no line fits, with what was looked for: what is not there, and what was asked otherwise than it was meant, look alike. */
export function NothingAudited({ typed }: { typed: AuditSearch }) {
  const { i18n, t } = useLingui();
  const { subject, actor, action, from, until, service } = typed;
  const day = (date: string) => dateInWords(date, i18n.locale);
  const asked = [
    subject.trim() && t`data of ${subject.trim()}`,
    actor.trim() && t`done by ${actor.trim()}`,
    action.trim() && t`“${action.trim()}” in what was done: each of its words, in method or route`,
    from && t`not before ${day(from)}`,
    until && t`not after ${day(until)}`,
    service && t`in the trail of ${service}`,
  ].filter((each) => each !== '');
  if (asked.length === 0) return <Trans>There is no line in any trail.</Trans>;
  return (
    <>
      <p>
        <Trans>Nothing was found that is all of this:</Trans>
      </p>
      <ul className="list-disc pl-5">
        {asked.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </>
  );
}
