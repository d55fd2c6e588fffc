import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { keptNowhere } from '../api/calendars.ts';
import {
  type ChosenFile,
  chosenFile,
  type ImportKind,
  importBytesMax,
  importFile,
  importKinds,
} from '../api/imports.ts';
import { useIntent } from '../api/intent.ts';
import type { ImportReport } from '../api/types.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { ImportReportShown, RefusedSave, WholeFileRefused } from '../ui/import-report.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { charsetNames, importColumns, importKindNames } from '../words/imports.ts';

const nothing = { kind: 'patients' as ImportKind, charset: 'utf-8' };

/**
 * Takes over people or appointments from a file. It is tried out first, which stores nothing. The file is held by the page alone: in
 * no draft, for it is about people.
 */
export function FileImport() {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const intent = useIntent();
  const { values, set } = useDraft('file-import', nothing);
  const { kind, charset } = values;
  const [file, setFile] = useState<ChosenFile>();
  const [fileProblem, setFileProblem] = useState<string>();
  const [isAgain, setAgain] = useState(false);

  const run = (dryRun: boolean) => {
    if (!file) throw new Error('there is no file to import');
    return intent({ kind, charset, dryRun, file: file.id }, (header) =>
      importFile({ kind, file, charset, dryRun }, header),
    );
  };
  const trying = useMutation({ ...keptNowhere, mutationFn: () => run(true) });
  const importing = useMutation({
    ...keptNowhere,
    mutationFn: () => run(false),
    // Whatever shows those who were taken in reads them anew.
    onSuccess: () => void client.invalidateQueries(),
  });
  const isBusy = trying.isPending || importing.isPending;
  const isDone = importing.isSuccess;
  useLeaveQuestion((file !== undefined && !isDone) || (importing.data?.lines.refused ?? 0) > 0);

  /** What was found of another file, or of the same read otherwise, says nothing of this. */
  const forget = () => {
    trying.reset();
    importing.reset();
  };
  function change(next: Partial<typeof nothing>) {
    if (isBusy) return;
    set(next);
    forget();
  }
  function choose(chosen: File | undefined) {
    forget();
    setFile(undefined);
    setFileProblem(undefined);
    if (!chosen) return;
    if (chosen.size > importBytesMax) {
      setFileProblem(t`It has more than 16 MiB. Split it into several files.`);
      return;
    }
    const file = chosenFile(chosen);
    setFile(file);
    file.bytes.catch(() => {
      choose(undefined);
      setFileProblem(t`It cannot be read. Look whether it is still there, and choose it again.`);
    });
  }
  const begin = (mutation: typeof trying) => file && !isBusy && mutation.mutate();

  if (file && importing.data)
    return (
      <Done
        report={importing.data}
        fileName={file.name}
        onNext={() => {
          forget();
          setFile(undefined);
          setAgain(true);
        }}
      />
    );
  const error = importing.error ?? trying.error;
  const wouldCreate = trying.data?.lines.created ?? 0;
  return (
    <form
      className="grid gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!file) setFileProblem(t`Choose a file.`);
        begin(trying);
      }}
    >
      <Choices
        isOne
        isRow
        legend={<Trans>What is in the file?</Trans>}
        hint={<Trans>Appointments come last: they name patients and practitioners who are here.</Trans>}
        options={importKinds.map((value) => ({ value, label: i18n._(importKindNames[value]) }))}
        chosen={[kind]}
        onChange={([chosen = kind]) => change({ kind: chosen })}
      />
      <Columns kind={kind} />
      <TextField
        type="file"
        accept=".csv,text/csv"
        label={t`CSV file`}
        isNeeded
        hint={t`At most 16 MiB and 50,000 lines. Comma, semicolon or tab between values.`}
        problem={fileProblem}
        autoFocus={isAgain}
        disabled={isBusy}
        // The same file, mended since, is another choice: of that the browser would not tell.
        onClick={(event) => {
          event.currentTarget.value = '';
          choose(undefined);
        }}
        onChange={(event) => choose(event.target.files?.[0])}
      />
      <ChoiceField
        label={t`How it was saved`}
        hint={t`Files of older software on Windows often have the letters of Windows.`}
        value={charset}
        onChange={(event) => change({ charset: event.target.value })}
      >
        {Object.entries(charsetNames).map(([value, words]) => (
          <option key={value} value={value}>
            {i18n._(words)}
          </option>
        ))}
      </ChoiceField>
      {error && <WholeFileRefused error={error} />}
      {trying.data && (
        <Card className="grid gap-4">
          <h2>
            <Trans>Tried out: nothing is stored yet</Trans>
          </h2>
          <ImportReportShown report={trying.data} />
          {wouldCreate === 0 && (
            <p>
              <Trans>There is nothing in it to take in.</Trans>
            </p>
          )}
          <RefusedSave report={trying.data} fileName={file?.name} />
        </Card>
      )}
      <p role="status" className="sr-only">
        {trying.isPending && t`Trying it out`}
        {importing.isPending && t`Importing`}
        {trying.isSuccess && !importing.isPending && t`Tried out: nothing is stored yet`}
      </p>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look={wouldCreate > 0 ? 'plain' : 'main'} isBusy={isBusy}>
          <Trans>Try it out</Trans>
        </Button>
        {wouldCreate > 0 && (
          <Button look="main" isBusy={isBusy} onClick={() => begin(importing)}>
            <Plural value={wouldCreate} one="Import # line" other="Import # lines" />
          </Button>
        )}
      </div>
    </form>
  );
}

function Columns({ kind }: { kind: ImportKind }) {
  const { needed, optional } = importColumns[kind];
  return (
    <details>
      <summary className="cursor-pointer text-accent">
        <Trans>Which columns the file has</Trans>
      </summary>
      <p className="pt-2">
        <Trans>Its first line names them, in any order. These are needed:</Trans> <code>{needed.join(', ')}</code>
      </p>
      <p>
        <Trans>These may be there:</Trans> <code>{optional.join(', ')}</code>
      </p>
    </details>
  );
}

function Done({ report, fileName, onNext }: { report: ImportReport; fileName: string; onNext: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { created, refused } = report.lines;
  const title = <Plural value={created} one="# line was taken in" other="# lines were taken in" />;
  return (
    <div className="grid gap-6">
      <Notice look={refused > 0 ? 'warn' : 'good'} role="status" title={title} />
      <h2 ref={heading} tabIndex={-1}>
        <Trans>What became of the lines</Trans>
      </h2>
      <ImportReportShown report={report} />
      <RefusedSave report={report} fileName={fileName} />
      <div>
        <Button look="main" onClick={onNext}>
          <Trans>Import another file</Trans>
        </Button>
      </div>
    </div>
  );
}
