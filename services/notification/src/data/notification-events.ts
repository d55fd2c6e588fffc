import type { EventSource } from '@cabinet/postgres/event-source';
import type { Happening, Told } from '../domain/ports.js';

export type NotificationEvents = EventSource<[Told, Happening]>;
