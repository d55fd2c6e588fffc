export {
  type CabinetEvent,
  type EventData,
  type EventType,
  eventSchemas,
  fact,
  factTypes,
  parseEvent,
} from './events.js';
export * from './generated/clients.js';
export { errorCodes } from './generated/error-codes.js';
