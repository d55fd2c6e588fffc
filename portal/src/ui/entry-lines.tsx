import { Trans, useLingui } from '@lingui/react/macro';
import type { Line } from '../words/clinical-lines.ts';

interface Props {
  lines: Line[];
  /** What the version before said, in the same order: what is otherwise now is marked, with a word and not by its look alone. */
  before?: Line[];
}

/** What an entry of a record says; of what nothing is said, nothing stands there, unless it was just taken out. */
export function EntryLines({ lines, before }: Props) {
  const { i18n } = useLingui();
  const shown = lines
    .map((line, nth) => ({ ...line, isChanged: before !== undefined && before[nth]?.text !== line.text }))
    .filter(({ text, isChanged }) => text !== '' || isChanged);
  return (
    <dl className="grid gap-x-4 gap-y-1 tablet:grid-cols-[8rem_1fr] [&_dt]:text-quiet">
      {shown.map(({ label, text, isChanged }) => (
        <div key={label.id} className="contents">
          <dt>{i18n._(label)}</dt>
          <dd className={`whitespace-pre-wrap wrap-anywhere ${isChanged ? 'font-semibold' : ''}`}>
            {text || '–'}
            {isChanged && (
              <span className="text-sm text-warn">
                {' '}
                <Trans>(changed)</Trans>
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
