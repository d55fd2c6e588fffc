import { Trans, useLingui } from '@lingui/react/macro';
import { FileImport } from '../forms/file-import.tsx';
import { Page } from '../ui/page.tsx';

/** Takes over from other software who the practice is about, and when they come. */
export function Imports() {
  const { t } = useLingui();
  return (
    <Page title={t`Imports`}>
      <p>
        <Trans>
          A file is tried out first. Who is here already is left as they are, so a file, or part of it, may come again.
        </Trans>
      </p>
      <FileImport />
    </Page>
  );
}
