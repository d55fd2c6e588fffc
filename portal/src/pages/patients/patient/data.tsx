import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { copyOfAll } from '../../../api/data-rights.ts';
import { usePatient } from '../../../api/patients.ts';
import { ErasureAsk } from '../../../forms/erasure-ask.tsx';
import { usePerson } from '../../../session/use-session.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { saveFile } from '../../../ui/save-file.ts';

/** A copy of everything, and how to have it erased: for the patient alone, for it is more than anybody else may see. */
export function MyData() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/data' });
  const isOwn = usePerson().patientId === patientId;
  return (
    <Page title={t`My data`}>
      {isOwn ? (
        <>
          <Copy patientId={patientId} />
          <Erasure patientId={patientId} />
        </>
      ) : (
        <Notice title={<Trans>A copy of everything is given to the patient alone</Trans>}>
          <p>
            <Trans>It holds more than those see who act for them. They can take it when they sign in themselves.</Trans>
          </p>
        </Notice>
      )}
    </Page>
  );
}

function Copy({ patientId }: { patientId: string }) {
  const { i18n } = useLingui();
  const copying = useMutation({
    mutationFn: () => copyOfAll(patientId, i18n.locale),
    onSuccess: (copy) => saveFile(copy, 'cabinet.zip'),
  });
  return (
    <section className="unprinted grid gap-3">
      <h2>
        <Trans>A copy of everything</Trans>
      </h2>
      <p>
        <Trans>
          One file (ZIP) with all that the practice keeps of you: a page to read, and the data itself for other
          programs. You have all of it, or a message that a part is missing; never a part alone.
        </Trans>
      </p>
      <Notice look="warn">
        <p>
          <Trans>It holds your medical record. Save it where nobody else reads it.</Trans>
        </p>
      </Notice>
      {copying.error && <Failure error={copying.error} onRetry={copying.mutate} />}
      {copying.isSuccess && (
        <Notice look="good" role="status" title={<Trans>The copy was saved by your browser</Trans>} />
      )}
      <div>
        <Button look="main" onClick={() => copying.mutate()} isBusy={copying.isPending}>
          {copying.isPending ? <Trans>Being put together …</Trans> : <Trans>Save a copy</Trans>}
        </Button>
      </div>
    </section>
  );
}

function Erasure({ patientId }: { patientId: string }) {
  const { t } = useLingui();
  const patient = usePatient(patientId);
  return (
    <section className="grid gap-3">
      <div className="unprinted grid gap-3">
        <h2>
          <Trans>Have your data erased</Trans>
        </h2>
        <p>
          <Trans>The practice does it when you ask, and it cannot be undone:</Trans>
        </p>
        <ul className="grid list-disc gap-1 pl-5">
          <li>
            <Trans>
              At once go your name, address, telephone, identity numbers, your account and its sign-ins, and who acts
              for you. You can sign in no more.
            </Trans>
          </li>
          <li>
            <Trans>Of appointments and waiting lists a time remains, with a bare number for you.</Trans>
          </li>
          <li>
            <Trans>
              Your medical record is closed to everybody at once, and kept for as long as the law demands it, in France
              twenty years after the last visit. On that day it is erased by itself; the receipt says when.
            </Trans>
          </li>
          <li>
            <Trans>It stays on record who saw or changed your data, never what it said.</Trans>
          </li>
          <li>
            <Trans>
              A court or an authority can order that nothing is erased for a time; you are told by which rule.
            </Trans>
          </li>
        </ul>
        <p>
          <Trans>Save your copy first. Then the practice gives you a receipt from each part of its system.</Trans>
        </p>
      </div>
      <Remote of={patient} label={t`your details`}>
        {(found) => <ErasureAsk patient={found} />}
      </Remote>
    </section>
  );
}
