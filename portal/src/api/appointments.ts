import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { Appointment, CancellationCode, MoveRequest } from './types.ts';

export const appointmentsKey = ['appointments'] as const;

/** Seconds after which agendas that are looked at are read again, though nothing was told of them; and while nothing can be. */
const readAgainSeconds = { live: 60, untold: 10 };

export const useAppointmentsOf = (patientId: string) =>
  useQuery({
    queryKey: [...appointmentsKey, 'of', patientId],
    queryFn: () => told(api.GET('/api/appointments', { params: { query: { patientId, limit: 200 } } })),
  });

/**
 * One day of a practitioner, in order of start. `day` is a date at the place.
 * @param isLive whether changes are told (`useLiveAgendas`)
 */
export const dayOf = (practitionerId: string, day: string, isLive: boolean) =>
  queryOptions({
    queryKey: [...appointmentsKey, 'day', practitionerId, day],
    refetchInterval: (isLive ? readAgainSeconds.live : readAgainSeconds.untold) * 1_000,
    queryFn: () =>
      told(api.GET('/api/appointments', { params: { query: { practitionerId, from: day, to: day, limit: 200 } } })),
  });

export const appointmentKey = (id: string) => [...appointmentsKey, 'one', id] as const;

export const useAppointment = (id: string) =>
  useQuery({
    queryKey: appointmentKey(id),
    queryFn: () => told(api.GET('/api/appointments/{id}', { params: { path: { id } } })),
  });

/** After a change: all that shows appointments or free times asks again. */
export function useAppointmentsChanged() {
  const client = useQueryClient();
  return (appointment?: Appointment) => {
    if (appointment) client.setQueryData(appointmentKey(appointment.id), appointment);
    void client.invalidateQueries({ queryKey: appointmentsKey });
    void client.invalidateQueries({ queryKey: ['slots'] });
  };
}

/** Every change of an appointment says which version it is of, so nobody undoes unseen what somebody else has done. */
const at = (appointment: Appointment) => ({
  params: { path: { id: appointment.id }, header: ifMatch(appointment) },
});

export const cancelAppointment = (appointment: Appointment, code: CancellationCode, reason: string) =>
  told(api.POST('/api/appointments/{id}/cancel', { ...at(appointment), body: { code, reason }, keepalive: true }));

/** To another time; by staff also into somebody else’s agenda, or over what is in the way. */
export const moveAppointment = (appointment: Appointment, start: string, more: Omit<MoveRequest, 'start'> = {}) =>
  told(api.POST('/api/appointments/{id}/move', { ...at(appointment), body: { start, ...more }, keepalive: true }));

export const confirmAppointment = (appointment: Appointment) =>
  told(api.POST('/api/appointments/{id}/confirm', at(appointment)));

export const recordArrival = (appointment: Appointment) =>
  told(api.POST('/api/appointments/{id}/arrive', at(appointment)));

export const recordCompletion = (appointment: Appointment) =>
  told(api.POST('/api/appointments/{id}/complete', at(appointment)));

export const recordMissed = (appointment: Appointment) =>
  told(api.POST('/api/appointments/{id}/miss', at(appointment)));

export const reopenAppointment = (appointment: Appointment, reason: string) =>
  told(api.POST('/api/appointments/{id}/reopen', { ...at(appointment), body: { reason } }));
