import type { appointmentApi, authApi, gatewayApi, patientApi, practitionerApi, recordApi } from '@cabinet/contracts';

/** What the API tells, by the names that its documents give. */
export type Appointment = appointmentApi.components['schemas']['AppointmentResponse'];
export type CancellationCode = appointmentApi.components['schemas']['CancellationCode'];
export type Slot = appointmentApi.components['schemas']['SlotResponse'];
export type OwnSession = authApi.components['schemas']['SessionResponse'];
export type Passkey = authApi.components['schemas']['PasskeyResponse'];
export type CreatedCredential = authApi.components['schemas']['CreatedCredential'];
export type Waiting = appointmentApi.components['schemas']['WaitingResponse'];
export type WaitingDetails = appointmentApi.components['schemas']['WaitingDetails'];
export type WaitingRequest = appointmentApi.components['schemas']['WaitingRequestDto'];
export type Offer = appointmentApi.components['schemas']['OfferResponse'];
export type PassedOver = appointmentApi.components['schemas']['PassedOverDto'];
export type Erasure = patientApi.components['schemas']['ErasureResponse'];
export type Fate = patientApi.components['schemas']['FateResponse'];
export type Patient = patientApi.components['schemas']['PatientResponse'];
export type ContactPoint = patientApi.components['schemas']['ContactPointDto'];
export type Practitioner = practitionerApi.components['schemas']['PractitionerResponse'];
export type User = authApi.components['schemas']['UserResponse'];
export type MedicalRecord = recordApi.components['schemas']['RecordResponse'];
export type EmergencyAccess = recordApi.components['schemas']['EmergencyAccessResponse'];
export type Unavailable = gatewayApi.components['schemas']['Unavailable'];
