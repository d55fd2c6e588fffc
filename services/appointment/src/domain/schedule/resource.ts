/** A room or device that appointments take along with the practitioner. */
export interface Resource {
  id: string;
  version: number;
  /** Given by the store; what appointments keep of it. */
  number: number;
  kind: 'room' | 'device';
  name: string;
  /** Absent: it goes where it is needed. */
  placeId?: string;
  /** One that is out of use is not booked any more. */
  active: boolean;
}
