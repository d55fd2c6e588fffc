import { type Following, follow } from './follow.ts';

/** What was told: that something has changed in an agenda, or (without one) that all of them are to be read anew. */
export interface AgendaTold {
  practitionerId?: string;
  /** Between which times; left out: it may be anything in it. */
  from?: string;
  until?: string;
}

type FollowingAgendas = Omit<Following, 'onEvent'> & { onTold(told: AgendaTold): void };

/** Listens to what changes in agendas until it is ended, as `follow` does. */
export const followAgendas = ({ onTold, ...following }: FollowingAgendas): Promise<void> =>
  follow({
    ...following,
    onEvent: ({ event, data }) => onTold(event === 'agenda' ? JSON.parse(data) : {}),
  });
