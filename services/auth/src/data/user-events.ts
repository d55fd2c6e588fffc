import type { EventSource } from '@cabinet/postgres/event-source';
import type { User, UserFact } from '../domain/user.js';

export type ToldOf = Pick<User, 'id' | 'version'>;

export type UserEvents = EventSource<[ToldOf, UserFact]>;
