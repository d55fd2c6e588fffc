export {
  type CabinetEvent,
  type EventData,
  type EventType,
  fact,
  factTypes,
  parseEvent,
  receiptTopics,
  type Topic,
} from './events.js';
export * from './generated/clients.js';
export { errorCodes } from './generated/error-codes.js';
