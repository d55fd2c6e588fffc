import type { Uuid } from './user.dto.js';

export interface StaffMemberResponse {
  userId: Uuid;
  patientId?: Uuid;
  practitionerId?: Uuid;
}

export interface StaffList {
  items: StaffMemberResponse[];
}
