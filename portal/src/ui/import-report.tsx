import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import type { ImportReport } from '../api/types.ts';
import { lineWords } from '../words/imports.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { saveFile } from './save-file.ts';

/** So many at first, and so many more at each press: a file may have fifty thousand lines. */
const shownAtOnce = 50;

/** What an import did, or would do, line by line. */
export function ImportReportShown({ report }: { report: ImportReport }) {
  const { total, created, unchanged, refused } = report.lines;
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 [&_dd]:font-semibold [&_dt]:text-quiet">
        <dt>
          <Trans>Lines in the file</Trans>
        </dt>
        <dd>{total}</dd>
        <dt>{report.dryRun ? <Trans>Would be taken in</Trans> : <Trans>Taken in</Trans>}</dt>
        <dd>{created}</dd>
        <dt>
          <Trans>Here already, or twice in the file</Trans>
        </dt>
        <dd>{unchanged}</dd>
        <dt>{report.dryRun ? <Trans>Would be refused</Trans> : <Trans>Refused</Trans>}</dt>
        <dd>{refused}</dd>
      </dl>
      {report.refused.length > 0 && (
        <section className="grid gap-2">
          <h3 className="font-semibold">
            <Trans>What is wrong with lines that are refused</Trans>
          </h3>
          <Remarks of={report.refused.map(({ reason, ...remark }) => ({ ...remark, message: reason }))} />
        </section>
      )}
      {report.warnings.length > 0 && (
        <details className="grid gap-2">
          <summary className="cursor-pointer font-semibold">
            <Plural value={report.warnings.length} one="# thing to look at" other="# things to look at" />
          </summary>
          <Remarks of={report.warnings} />
        </details>
      )}
    </div>
  );
}

interface Remark {
  line: number;
  field: string;
  code: string;
  message: string;
}

function Remarks({ of }: { of: readonly Remark[] }) {
  const [shown, setShown] = useState(shownAtOnce);
  return (
    <>
      <ol className="grid gap-1">
        {of.slice(0, shown).map(({ line, field, code, message }, nth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: of one column the same may be said twice, and none changes its place.
          <li key={nth} className="border-b border-line py-1">
            <Trans>Line {line}</Trans>, <Sentence at={field} code={code} message={message} />
          </li>
        ))}
      </ol>
      {of.length > shown && (
        <div>
          <Button size="desk" onClick={() => setShown(shown + shownAtOnce)}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

/** The file as a whole was not taken; what is said of its lines and columns is in the reader's language. */
export function WholeFileRefused({ error }: { error: unknown }) {
  const fields = problemOf(error)?.fields ?? [];
  return (
    <div className="grid gap-2">
      <Failure error={error} isSaidAtFields />
      {fields.length > 0 && (
        <ul className="list-disc pl-5">
          {fields.map(({ path, code, message }) => (
            <li key={path + code}>
              <Sentence at={path} code={code} message={message} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** They are corrected in that file, which is imported as it is. */
export function RefusedSave({ report, fileName = '' }: { report: ImportReport; fileName?: string }) {
  if (report.refusedCsv === '') return null;
  const name = `${fileName.replace(/\.csv$/i, '').replace(/\.refused$/, '')}.refused.csv`;
  return (
    <div className="grid gap-2">
      <p>
        <Trans>Refused lines can be corrected in a file of their own, which says why, and be imported as it is.</Trans>
      </p>
      <div>
        <Button size="desk" onClick={() => saveFile(new Blob([report.refusedCsv], { type: 'text/csv' }), name)}>
          <Trans>Save the refused lines</Trans>
        </Button>
      </div>
    </div>
  );
}

interface Said {
  /** A column of the file, `line`, or `line 17` of a file that cannot be read. */
  at: string;
  code: string;
  message: string;
}

/** What is wrong where, in the reader's language; as the service says it where there are no words of ours. */
export function Sentence({ at, code, message }: Said): ReactNode {
  const { i18n } = useLingui();
  const words = lineWords[code];
  const [, line] = /^line (\d+)$/.exec(at) ?? [];
  return (
    <>
      {line ? (
        <Trans>Line {line}</Trans>
      ) : at === 'line' ? (
        <Trans>the whole line</Trans>
      ) : at === 'file' || at === 'header' ? (
        <Trans>the file</Trans>
      ) : (
        <code>{at}</code>
      )}
      {': '}
      {words ? i18n._(words) : message}
    </>
  );
}
