import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useAppointmentsChanged } from '../../../../api/appointments.ts';
import { api, told } from '../../../../api/client.ts';
import { useIntent } from '../../../../api/intent.ts';
import { nameOfPractitioner, usePractitioner } from '../../../../api/practitioners.ts';
import { problemOf } from '../../../../api/problem.ts';
import type { Practitioner, Slot } from '../../../../api/types.ts';
import { giveMinutes, HeldTimes, useHeldTimes, useLetGo } from '../../../../forms/held-times.tsx';
import { useDraft } from '../../../../session/drafts.ts';
import { buttonLook } from '../../../../ui/button.tsx';
import { Failure } from '../../../../ui/failure.tsx';
import { LongTextField } from '../../../../ui/field.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Remote } from '../../../../ui/remote.tsx';
import { SlotDays } from '../../../../ui/slot-days.tsx';
import { SlotSearch } from '../../../../ui/slot-search.tsx';
import { VisitKinds } from '../../../../ui/visit-kinds.tsx';

const route = '/signed-in-people/patients/$patientId/book/$practitionerId';

/** Minutes for which a time is kept from others while somebody checks it; the page shows less, and more when it is asked to. */
const holdMinutes = 15;

/** What for, and when. Choosing a time keeps it for the patient, and leads to the check. */
export function ChooseTime() {
  const { t } = useLingui();
  const { practitionerId } = useParams({ from: route });
  const practitioner = usePractitioner(practitionerId);
  return (
    <Page title={t`What for, and when?`}>
      <Remote of={practitioner} label={t`the practitioner`}>
        {(found) => <TypeAndTime practitioner={found} />}
      </Remote>
    </Page>
  );
}

const nothing = { reason: '' };

function TypeAndTime({ practitioner }: { practitioner: Practitioner }) {
  const { t } = useLingui();
  const { patientId } = useParams({ from: route });
  const { type } = useSearch({ from: route });
  const go = useNavigate({ from: '/patients/$patientId/book/$practitionerId' });
  const name = nameOfPractitioner(practitioner);
  const draft = useDraft(`appointment-book/${patientId}/${practitioner.id}`, nothing);
  const hold = useHold(patientId, practitioner.id, draft.values.reason);
  const types = practitioner.appointmentTypes;
  const chosen = types.find(({ id }) => id === type) ?? (types.length === 1 ? types[0] : undefined);
  const held = useHeldTimes(patientId, practitioner.id);
  const letGo = useLetGo();
  const nearest = problemOf(hold.error)?.nextFreeSlots as Slot[] | undefined;

  const choose = (slot: Slot) =>
    hold.mutate(slot, {
      onSuccess: (kept) => {
        giveMinutes(kept, Date.parse(kept.createdAt));
        // Whoever chooses another has given the first up.
        for (const each of held) letGo.mutate(each);
        draft.clear();
        void go({
          to: '/patients/$patientId/appointments/$appointmentId',
          params: { patientId, appointmentId: kept.id },
        });
      },
    });

  return (
    <>
      <p className="text-quiet">
        {name} · {practitioner.specialities.map(({ display }) => display).join(', ')}
      </p>
      <VisitKinds kinds={types} chosenId={chosen?.id} onChoose={(id) => go({ search: { type: id }, replace: true })} />
      <p>
        <Link
          to="/patients/$patientId/book/$practitionerId/series"
          params={{ patientId, practitionerId: practitioner.id }}
          search={{ type: chosen?.id }}
        >
          <Trans>Book several at once, as a series</Trans>
        </Link>
      </p>
      <details open={draft.values.reason !== ''}>
        <summary className="cursor-pointer font-semibold text-accent">
          <Trans>Say why you come (you need not)</Trans>
        </summary>
        <div className="pt-3">
          <LongTextField
            label={t`Why you come`}
            hint={t`Read by you, the practitioner, and whoever wrote it.`}
            maxLength={500}
            value={draft.values.reason}
            onChange={(event) => draft.set({ reason: event.target.value })}
          />
        </div>
      </details>
      {hold.error && (
        <>
          <Failure error={hold.error} />
          {nearest && nearest.length > 0 && (
            <section className="grid gap-3 rounded-card border border-accent p-4">
              <h2>
                <Trans>The nearest free times</Trans>
              </h2>
              <SlotDays slots={nearest.slice(0, 3)} practitioner={name} onChoose={choose} busyStart={busyOf(hold)} />
            </section>
          )}
        </>
      )}
      <HeldTimes held={held} />
      {chosen && (
        <SlotSearch
          practitionerId={practitioner.id}
          practitioner={name}
          appointmentTypeId={chosen.id}
          onChoose={choose}
          busyStart={busyOf(hold)}
        />
      )}
      <section className="grid gap-2 border-t border-line pt-4">
        <h2>
          <Trans>No time that suits?</Trans>
        </h2>
        <p>
          <Trans>Say when you can come, and what others give up is offered to you in turn.</Trans>
        </p>
        <div>
          <Link
            to="/patients/$patientId/waiting/join/$practitionerId"
            params={{ patientId, practitionerId: practitioner.id }}
            search={{ type: chosen?.id }}
            className={buttonLook()}
          >
            <Trans>Wait for a time</Trans>
          </Link>
        </div>
      </section>
    </>
  );
}

const busyOf = ({ isPending, variables }: { isPending: boolean; variables?: Slot }) =>
  isPending ? variables?.start : undefined;

/** Keeps a time. What was taken meanwhile leaves the list. */
function useHold(patientId: string, practitionerId: string, reason: string) {
  const intent = useIntent();
  const changed = useAppointmentsChanged();
  return useMutation({
    mutationFn: ({ appointmentTypeId, start }: Slot) => {
      const words = reason.trim();
      const body = {
        patientId,
        practitionerId,
        appointmentTypeId,
        start,
        minutes: holdMinutes,
        ...(words && { reason: words }),
      };
      return intent(body, (header) => told(api.POST('/api/appointments/holds', { body, params: { header } })));
    },
    onSuccess: changed,
    onError: () => changed(),
  });
}
