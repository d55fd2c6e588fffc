/** Every refusal that this service can answer with, beside those all services share; `when` is for people. */
export const errorCodes = {
  'DEVICE.NOT_FOUND': {
    status: 404,
    title: 'There is no such device',
    when: 'the id is not known, or the device is with a patient for whom the caller does not act',
  },
  'DEVICE.NOT_YOURS': {
    status: 403,
    title: 'You may not do this for this patient',
    when: 'somebody names a patient who is not them, for whom they do not act, and whom they do not treat',
  },
  'DEVICE.PATIENT_ERASED': {
    status: 410,
    title: 'The data of this patient was erased',
    when: 'something is asked or to be stored for a patient who was erased',
  },
  'DEVICE.TOKEN_INVALID': {
    status: 403,
    title: 'The device token is not valid',
    when: 'a device sends no token, a forged one, or one that was replaced or ended with its pairing',
  },
  'DEVICE.TOO_MANY': {
    status: 409,
    title: 'There are too many devices with this patient',
    when: 'a patient has fifty devices already',
  },
  'READING.INVALID': {
    status: 422,
    title: 'The reading breaks a rule',
    when: 'of one reading in a report, or when a curve is asked for that cannot be given',
  },
  'READING.TOO_MANY_AT_ONCE': {
    status: 429,
    title: 'More readings are coming than can be taken at the moment',
    when: 'as many readings as are allowed are being stored, or wait to be told',
  },
  'READING.TOO_MANY_POINTS': {
    status: 422,
    title: 'There are more readings than a curve shows',
    when: 'a raw curve has more than 50,000 readings: ask for less time, or by the hour',
  },
  'IMPORT.NOT_FOUND': {
    status: 404,
    title: 'There is no such import',
    when: 'the id is not known, or the import is of a patient for whom the caller does not act',
  },
  'IMPORT.WRONG_OFFSET': {
    status: 409,
    title: 'The part does not begin where the last one ended',
    when: 'a part of a file comes twice, or one was left out; `offset` in the answer says where to go on',
  },
  'IMPORT.DONE': {
    status: 409,
    title: 'The import has ended',
    when: 'a part comes after the last one',
  },
  'IMPORT.PACKED': {
    status: 415,
    title: 'The file is packed',
    when: 'a part begins as a zip, gzip or other archive does: unpack it first',
  },
  'IMPORT.UNREADABLE': {
    status: 422,
    title: 'The file cannot be read',
    when: 'the file is not of the format that it is said to be, one piece of it has no end, or it has more in it than a source gives at once',
  },
  'IMPORT.NOT_BYTES': {
    status: 415,
    title: 'The body must be a part of a file',
    when: 'a part does not come as application/octet-stream',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
