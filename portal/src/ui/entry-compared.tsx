import { Trans, useLingui } from '@lingui/react/macro';
import type { Line } from '../words/clinical-lines.ts';
import { EntryLines } from './entry-lines.tsx';
import { Notice } from './notice.tsx';

/** What an entry says now that somebody else has changed it, and in what that differs from what was typed meanwhile. */
export function EntryCompared({ now, typed }: { now: Line[]; typed: Line[] }) {
  const { i18n, t } = useLingui();
  const differing = now.flatMap(({ label, text }, nth) => {
    const wanted = typed[nth]?.text ?? '';
    return wanted === text ? [] : [{ label: i18n._(label), text, wanted }];
  });
  return (
    <Notice look="warn" role="status" title={t`It says now:`}>
      <EntryLines lines={now} />
      <ul className="list-disc pl-5">
        {differing.map((each) => (
          <li key={each.label}>
            <Trans>
              {each.label}: “{each.text || '–'}” is stored, “{each.wanted || '–'}” is what you typed
            </Trans>
          </li>
        ))}
      </ul>
      {differing.length === 0 && (
        <p>
          <Trans>That is what you typed.</Trans>
        </p>
      )}
    </Notice>
  );
}
