import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type {
  Message,
  MessagePolicy,
  MessagePolicyTrial,
  MessagePolicyVersion,
  MessageTemplateDetails,
  MessageTemplateText,
  MessageWishes,
  MessageWishesRequest,
} from './types.ts';

const messagesKey = ['messages'] as const;
const policyKey = [...messagesKey, 'policy'] as const;
const templateKey = (name: string, language: string) => [...messagesKey, 'template', name, language] as const;

export interface MessageFilter {
  /** About whom; left out, about everybody. */
  patientId?: string;
  /** On which they are due, by the clock of the practice (YYYY-MM-DD). */
  day?: string;
  state?: Message['state'];
  kind?: Message['kind'];
  channel?: Message['channel'];
}

/** What was decided of messages, a page after the other; what is due last comes first. */
export const useMessages = (filter: MessageFilter, isAsked = true) =>
  useInfiniteQuery({
    queryKey: [...messagesKey, 'ledger', filter],
    queryFn: ({ pageParam }: { pageParam?: string }) =>
      told(api.GET('/api/notifications', { params: { query: { ...filter, limit: 50, cursor: pageParam } } })),
    enabled: isAsked,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** One of them, with what left, as long as that is kept. */
export const useMessage = (id: string) =>
  useQuery({
    queryKey: [...messagesKey, 'one', id],
    queryFn: () => told(api.GET('/api/notifications/{id}', { params: { path: { id } } })),
  });

/** How many messages that were due on some days have left, by what, and why others have not. @param from as YYYY-MM-DD, and `to` the last */
export const useMessageFigures = (from: string, to: string, isAsked = true) =>
  useQuery({
    queryKey: [...messagesKey, 'figures', from, to],
    queryFn: () => told(api.GET('/api/notifications/figures', { params: { query: { firstDay: from, lastDay: to } } })),
    enabled: isAsked,
  });

/** A decision of its own. @throws Refused 409 when it is still to leave, or what it says is no longer so */
export const resendMessage = ({ id }: Message, header: { 'Idempotency-Key': string }) =>
  told(api.POST('/api/notifications/{id}/resend', { params: { path: { id }, header }, keepalive: true }));

/** Which messages a patient does not want, and in which language they read. */
export const useMessageWishes = (patientId: string) =>
  useQuery({
    queryKey: [...messagesKey, 'wishes', patientId],
    queryFn: () => told(api.GET('/api/notification-preferences/{patientId}', { params: { path: { patientId } } })),
  });

/** @throws Refused 412 when somebody has said otherwise since */
export const setMessageWishes = (wishes: MessageWishes, body: MessageWishesRequest) =>
  told(
    api.PUT('/api/notification-preferences/{patientId}', {
      params: { path: { patientId: wishes.patientId }, header: ifMatch(wishes) },
      body,
    }),
  );

/** What leaves when. */
export const useMessagePolicy = () =>
  useQuery({
    queryKey: [...policyKey, 'current'],
    queryFn: () => told(api.GET('/api/notification-policies/current')),
  });

/** All that was so before, the newest first. */
export const useMessagePolicies = () =>
  useQuery({ queryKey: [...policyKey, 'history'], queryFn: () => told(api.GET('/api/notification-policies')) });

/** @throws Refused 412 when somebody has set another since */
export const setMessagePolicy = (before: MessagePolicyVersion, body: MessagePolicy) =>
  told(api.PUT('/api/notification-policies/current', { params: { header: ifMatch(before) }, body }));

/** What an appointment would send when, to its patient; nothing is sent. */
export const useMessagePolicyTrial = (trial: MessagePolicyTrial) =>
  useQuery({
    queryKey: [...policyKey, 'trial', trial],
    queryFn: () => told(api.POST('/api/notification-policies/preview', { body: trial })),
  });

/** What messages say, in each language. */
export const useMessageTemplates = () =>
  useQuery({ queryKey: [...messagesKey, 'template'], queryFn: () => told(api.GET('/api/notification-templates')) });

/** With what it may speak of, and every version. */
export const useMessageTemplate = (name: string, language: string) =>
  useQuery({
    queryKey: templateKey(name, language),
    queryFn: () =>
      told(api.GET('/api/notification-templates/{name}/{language}', { params: { path: { name, language } } })),
  });

/** @throws Refused 412 when somebody has set another since; 422 when it names what is not known, or leaves out what it is for */
export const setMessageTemplate = (before: MessageTemplateDetails, body: MessageTemplateText) => {
  const { name, language, versions } = before;
  const header = ifMatch({ version: versions[0]?.nth ?? 0 });
  return told(
    api.PUT('/api/notification-templates/{name}/{language}', { params: { path: { name, language }, header }, body }),
  );
};

/** A text with sample data in it; without one, what is in force. */
export const useTemplatePreview = (name: string, language: string, text?: MessageTemplateText) =>
  useQuery({
    queryKey: [...templateKey(name, language), 'preview', text],
    queryFn: () => {
      const params = { path: { name, language } };
      const path = '/api/notification-templates/{name}/{language}/preview';
      return text ? told(api.POST(path, { params, body: text })) : told(api.GET(path, { params }));
    },
  });

/** To be called when messages, or what decides of them, were changed, or may have been. */
export function useMessagesChanged(what: 'ledger' | 'wishes' | 'policy' | 'template'): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [...messagesKey, what] });
}
