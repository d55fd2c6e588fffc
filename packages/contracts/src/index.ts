export { type CabinetEvent, type EventData, type EventType, eventSchemas, fact, parseEvent } from './events.js';
