import { useMutation } from '@tanstack/react-query';
import { useAppointmentsChanged } from '../api/appointments.ts';
import { api, told } from '../api/client.ts';
import { useIntent } from '../api/intent.ts';
import type { Appointment, AppointmentRequest } from '../api/types.ts';

/** Books in the name of the desk, once however often it is sent. @param whenBooked hears of it wherever somebody is by then */
export function useBooking(whenBooked: (booked: Appointment) => void) {
  const intent = useIntent();
  const changed = useAppointmentsChanged();
  return useMutation({
    mutationFn: (body: AppointmentRequest) =>
      intent(body, (header) => told(api.POST('/api/appointments', { body, params: { header } }))),
    onSuccess: (booked) => {
      changed(booked);
      whenBooked(booked);
    },
    onError: () => changed(),
  });
}
