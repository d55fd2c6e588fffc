import type {
  alertApi,
  appointmentApi,
  authApi,
  gatewayApi,
  notificationApi,
  patientApi,
  practitionerApi,
  recordApi,
  wearableApi,
} from '@cabinet/contracts';

/** What the API tells, by the names that its documents give. */
export type Appointment = appointmentApi.components['schemas']['AppointmentResponse'];
export type CancellationCode = appointmentApi.components['schemas']['CancellationCode'];
export type AppointmentRequest = appointmentApi.components['schemas']['AppointmentRequest'];
export type MoveRequest = appointmentApi.components['schemas']['MoveRequest'];
export type SlotRefusal = appointmentApi.components['schemas']['SlotRefusal'];
export type Slot = appointmentApi.components['schemas']['SlotResponse'];
export type Series = appointmentApi.components['schemas']['SeriesResponse'];
export type SeriesRequest = appointmentApi.components['schemas']['SeriesRequest'];
export type ImpossibleOccurrence = appointmentApi.components['schemas']['ImpossibleOccurrence'];
export type ScheduleVersion = appointmentApi.components['schemas']['ScheduleVersionResponse'];
export type Schedule = appointmentApi.components['schemas']['ScheduleResponse'];
export type ScheduleRequest = appointmentApi.components['schemas']['ScheduleRequest'];
export type WorkingHours = appointmentApi.components['schemas']['WorkingHoursDto'];
export type TypeRules = appointmentApi.components['schemas']['TypeRulesDto'];
export type Absence = appointmentApi.components['schemas']['AbsenceDto'];
export type AbsencePlanRequest = appointmentApi.components['schemas']['AbsencePlanRequest'];
export type AbsenceRequest = appointmentApi.components['schemas']['AbsenceRequest'];
export type TouchedAppointment = appointmentApi.components['schemas']['TouchedAppointment'];
export type Calendar = appointmentApi.components['schemas']['CalendarResponse'];
export type CalendarRequest = appointmentApi.components['schemas']['CalendarRequest'];
export type CalendarSettings = appointmentApi.components['schemas']['CalendarSettingsDto'];
export type CalendarFailureCode = appointmentApi.components['schemas']['CalendarFailureCode'];
export type CalendarConflict = appointmentApi.components['schemas']['ConflictResponse'];
export type CalendarCredentials = appointmentApi.components['schemas']['CredentialsDto'];
export type DiscoveryRequest = appointmentApi.components['schemas']['DiscoveryRequest'];
export type GoogleRequest = appointmentApi.components['schemas']['GoogleRequest'];
export type Resource = appointmentApi.components['schemas']['ResourceResponse'];
export type ResourceRequest = appointmentApi.components['schemas']['ResourceRequest'];
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
export type RelatedPerson = patientApi.components['schemas']['RelatedPersonResponse'];
export type RelatedPersonRequest = patientApi.components['schemas']['RelatedPersonRequest'];
export type Section = patientApi.components['schemas']['SectionDto'];
export type ProofDocument = patientApi.components['schemas']['ProofDocument'];
export type PatientRequest = patientApi.components['schemas']['PatientRequest'];
export type UnusualAccess = patientApi.components['schemas']['UnusualAccessResponse'];
export type PatientMatch = patientApi.components['schemas']['PatientMatchResponse'];
export type ContactPoint = patientApi.components['schemas']['ContactPointDto'];
export type Practitioner = practitionerApi.components['schemas']['PractitionerResponse'];
export type PractitionerRequest = practitionerApi.components['schemas']['PractitionerRequest'];
export type PractitionerPatch = practitionerApi.components['schemas']['PractitionerPatch'];
export type ImportReport = practitionerApi.components['schemas']['ImportReport'];
export type Delegation = authApi.components['schemas']['DelegationResponse'];
export type DelegationRequest = authApi.components['schemas']['DelegationRequest'];
export type DelegationRule = authApi.components['schemas']['DelegationRuleResponse'];
export type Registration = authApi.components['schemas']['RegistrationResponse'];
export type User = authApi.components['schemas']['UserResponse'];
export type MedicalRecord = recordApi.components['schemas']['RecordResponse'];
export type Allergy = recordApi.components['schemas']['AllergyResponse'];
export type Condition = recordApi.components['schemas']['ConditionResponse'];
export type Encounter = recordApi.components['schemas']['EncounterResponse'];
export type Note = recordApi.components['schemas']['NoteResponse'];
export type NoteAmendment = recordApi.components['schemas']['NoteAmendment'];
export type Grant = recordApi.components['schemas']['AccessGrantResponse'];
export type GrantRequest = recordApi.components['schemas']['AccessGrantRequest'];
export type EmergencyAccess = recordApi.components['schemas']['EmergencyAccessResponse'];
export type Observation = recordApi.components['schemas']['ObservationResponse'];
export type Device = wearableApi.components['schemas']['DeviceResponse'];
export type DeviceRequest = wearableApi.components['schemas']['DeviceRequest'];
export type PairedDevice = wearableApi.components['schemas']['PairedDeviceResponse'];
export type Certainty = wearableApi.components['schemas']['CertaintyOfOwner'];
export type MeasureSummary = wearableApi.components['schemas']['MeasureSummary'];
export type Curve = wearableApi.components['schemas']['CurveResponse'];
export type CurvePoint = wearableApi.components['schemas']['CurvePoint'];
export type Alert = alertApi.components['schemas']['AlertResponse'];
export type AlertNote = alertApi.components['schemas']['AlertNoteDto'];
export type Priority = alertApi.components['schemas']['PriorityDto'];
export type Explanation = alertApi.components['schemas']['ExplanationResponse'];
export type AlertRule = alertApi.components['schemas']['RuleResponse'];
export type RuleDocument = alertApi.components['schemas']['RuleDocumentDto'];
export type RuleCondition = RuleDocument['condition'];
export type BackTest = alertApi.components['schemas']['BackTestResponse'];
export type Question = alertApi.components['schemas']['QuestionResponse'];
export type QuestionAnswer = alertApi.components['schemas']['QuestionAnswer'];
export type WatchSettings = alertApi.components['schemas']['WatchSettingsResponse'];
export type WatchSettingsRequest = alertApi.components['schemas']['WatchSettingsRequest'];
export type Sight = alertApi.components['schemas']['SightResponse'];
export type AuditEvent = gatewayApi.components['schemas']['AuditEvent'];
export type Unavailable = gatewayApi.components['schemas']['Unavailable'];
/** What an entry of a record says, beside whether it is kept from guardians, which stays as it is when it is left out. */
type Said<T> = Omit<T, 'keptFromGuardians'>;
export type AllergyContent = Said<recordApi.components['schemas']['AllergyRequest']>;
export type ConditionContent = Said<recordApi.components['schemas']['ConditionRequest']>;
export type EncounterContent = Said<recordApi.components['schemas']['EncounterRequest']>;
export type Author = recordApi.components['schemas']['AuthorResponse'];
/** One message, and what was decided of it. */
export type Message = notificationApi.components['schemas']['NotificationResponse'];
export type MessageWishes = notificationApi.components['schemas']['PreferencesResponse'];
export type MessageWishesRequest = notificationApi.components['schemas']['PreferencesRequest'];
/** By what people may choose to be written to. */
export type MessageChannel = notificationApi.components['schemas']['ChosenChannelDto'];
export type MessageTopic = notificationApi.components['schemas']['TopicDto'];
export type MessagePolicy = notificationApi.components['schemas']['PolicyDto'];
export type MessagePolicyVersion = notificationApi.components['schemas']['PolicyResponse'];
export type MessagePolicyTrial = notificationApi.components['schemas']['PolicyPreviewRequest'];
export type ReminderRule = notificationApi.components['schemas']['ReminderRuleDto'];
export type MessageTemplate = notificationApi.components['schemas']['TemplateResponse'];
export type MessageTemplateDetails = notificationApi.components['schemas']['TemplateDetails'];
export type MessageTemplateText = notificationApi.components['schemas']['TemplateRequest'];
export type MessageFigures = notificationApi.components['schemas']['NotificationFigures'];
export type MessageCount = notificationApi.components['schemas']['NotificationCountDto'];
/** A browser by which somebody is told. */
export type PushBrowser = notificationApi.components['schemas']['PushSubscriptionResponse'];
export type PushBrowserRequest = notificationApi.components['schemas']['PushSubscriptionRequest'];
/** Of a patient, and of no use: without the address. */
export type UnreachableAddress = notificationApi.components['schemas']['UnreachableAddressResponse'];
/** A program of others that is told what happens. */
export type Webhook = notificationApi.components['schemas']['WebhookResponse'];
export type WebhookRequest = notificationApi.components['schemas']['WebhookRequest'];
/** With what its receiver verifies by, which is told this once. */
export type WebhookWithSecret = notificationApi.components['schemas']['WebhookWithSecretResponse'];
export type WebhookDelivery = notificationApi.components['schemas']['WebhookDeliveryResponse'];
