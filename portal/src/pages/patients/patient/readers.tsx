import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isInForce, useGrants } from '../../../api/grants.ts';
import { isMinor, usePatient } from '../../../api/patients.ts';
import { nameOfPractitioner, usePractitioners } from '../../../api/practitioners.ts';
import { problemOf } from '../../../api/problem.ts';
import type { Grant } from '../../../api/types.ts';
import { GrantGive } from '../../../forms/grant-give.tsx';
import { GrantWithdraw } from '../../../forms/grant-withdraw.tsx';
import { actsIn, relationTo } from '../../../session/person.ts';
import { usePerson } from '../../../session/use-session.ts';
import { formatIn } from '../../../time/zone.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Card, Page } from '../../../ui/page.tsx';
import { RecordClosed } from '../../../ui/record-closed.tsx';
import { Remote } from '../../../ui/remote.tsx';
import { grantorNames } from '../../../words/plain-record.ts';

/** Whom a patient, or the guardian of a minor, lets into the record by name beside those who treat the patient. */
export function Readers() {
  const { t } = useLingui();
  const { patientId } = useParams({ from: '/signed-in-people/patients/$patientId/readers' });
  const person = usePerson();
  const as = relationTo(person, patientId);
  const isOpen = as !== undefined && actsIn(person, patientId, 'record');
  return (
    <Page title={t`Who may read the record`}>
      {isOpen && as === 'carer' ? (
        <Notice>
          <p>
            <Trans>Only the patient says who may read the record: ask them.</Trans>
          </p>
        </Notice>
      ) : isOpen ? (
        <Grants patientId={patientId} isOwn={as === 'self'} />
      ) : (
        <RecordClosed as={as} />
      )}
    </Page>
  );
}

function Grants({ patientId, isOwn }: { patientId: string; isOwn: boolean }) {
  const { t } = useLingui();
  const grants = useGrants(patientId);
  const practitioners = usePractitioners('');
  const patient = usePatient(patientId, isOwn);
  if (problemOf(grants.error)?.status === 403) return <RecordClosed as={isOwn ? 'self' : 'guardian'} />;
  const nameOf = (id: string) => {
    const found = practitioners.data?.find((each) => each.id === id);
    return found ? nameOfPractitioner(found) : t`somebody whose name could not be read`;
  };
  return (
    <>
      <p>
        <Trans>
          Practitioners who treat the patient read the record, and nobody has to let them in. Here others are let in by
          name until a day: they read it, and may write in it, as those who treat do.
        </Trans>
      </p>
      <section className="grid gap-3">
        <h2>
          <Trans>Let in by name</Trans>
        </h2>
        <Remote
          of={grants}
          label={t`those who are let in`}
          isNone={({ items }) => items.length === 0}
          none={<Trans>Nobody is.</Trans>}
        >
          {({ items }) => {
            const [inForce, over] = [items.filter((each) => isInForce(each)), items.filter((each) => !isInForce(each))];
            return (
              <>
                {inForce.length === 0 && (
                  <p className="text-quiet">
                    <Trans>Nobody is.</Trans>
                  </p>
                )}
                <ul className="grid gap-2">
                  {inForce.map((each) => (
                    <li key={each.id}>
                      <GrantLine grant={each} name={nameOf(each.practitionerId)}>
                        <GrantWithdraw patientId={patientId} grant={each} name={nameOf(each.practitionerId)} />
                      </GrantLine>
                    </li>
                  ))}
                </ul>
                {over.length > 0 && (
                  <details>
                    <summary className="cursor-pointer">
                      <Plural value={over.length} one="# that is over" other="# that are over" />
                    </summary>
                    <ul className="mt-2 grid gap-2">
                      {over.map((each) => (
                        <li key={each.id}>
                          <GrantLine grant={each} name={nameOf(each.practitionerId)} />
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </>
            );
          }}
        </Remote>
      </section>
      <Remote of={practitioners} label={t`practitioners`}>
        {(all) => (
          <GrantGive
            patientId={patientId}
            practitioners={all}
            mayKeep={isOwn && patient.data !== undefined && isMinor(patient.data)}
          />
        )}
      </Remote>
    </>
  );
}

function GrantLine({ grant, name, children }: { grant: Grant; name: string; children?: ReactNode }) {
  const { i18n } = useLingui();
  const day = (at: number) => formatIn(i18n.locale, { dateStyle: 'long' }).format(at);
  const { givenAt, givenBy, until, withdrawnAt, keptFromGuardians } = grant;
  const [given, ended] = [day(Date.parse(givenAt)), withdrawnAt && day(Date.parse(withdrawnAt))];
  // It ends as the day after begins.
  const last = day(Date.parse(until) - 1);
  const by = i18n._(grantorNames[givenBy.role]);
  return (
    <Card className="flex flex-wrap items-center gap-3">
      <div className="min-w-60 flex-1">
        <p className="font-semibold">{name}</p>
        <p>{ended ? <Trans>Taken back, or replaced, on {ended}</Trans> : <Trans>Last day: {last}</Trans>}</p>
        <p className="text-sm text-quiet">
          <Trans>
            Let in on {given} {by}
          </Trans>
          {keptFromGuardians && (
            <>
              {' · '}
              <Trans>kept from guardians</Trans>
            </>
          )}
        </p>
      </div>
      {children}
    </Card>
  );
}
