import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ifMatch, told } from './client.ts';
import type { AlertRule, BackTest, RuleDocument } from './types.ts';

type Header = { 'Idempotency-Key': string };

const rulesKey = ['alert-rules'] as const;
const ruleKey = (id: string) => ['alert-rule', id] as const;

/** Those of the practice, and with a patient those of that patient. */
export const useRules = (patientId?: string) =>
  useQuery({
    queryKey: [...rulesKey, patientId],
    queryFn: () => told(api.GET('/api/alert-rules', { params: { query: { patientId } } })),
  });

export const useRule = (id: string) =>
  useQuery({
    queryKey: ruleKey(id),
    queryFn: () => told(api.GET('/api/alert-rules/{id}', { params: { path: { id } } })),
  });

/** Everything that a rule ever said, the newest first. */
export const useRuleVersions = (id: string, isAsked: boolean) =>
  useQuery({
    queryKey: [...ruleKey(id), 'versions'],
    enabled: isAsked,
    queryFn: () => told(api.GET('/api/alert-rules/{id}/versions', { params: { path: { id } } })),
  });

/** It runs once it is enabled. @throws Refused 422 ALERT_RULE.INVALID, ALERT.NOBODY_REACHABLE */
export const writeRule = (body: { document: RuleDocument; patientId?: string }, header: Header): Promise<AlertRule> =>
  told(api.POST('/api/alert-rules', { body, params: { header } }));

/** The version that is run stays until the new one is enabled. @throws Refused 412 when somebody has changed it since */
export const reviseRule = (rule: AlertRule, document: RuleDocument): Promise<AlertRule> =>
  told(
    api.PUT('/api/alert-rules/{id}', {
      params: { path: { id: rule.id }, header: ifMatch(rule) },
      body: { document },
    }),
  );

/** What a document would have done; nothing is stored. @throws Refused 422 BACK_TEST.TOO_MUCH */
export const tryOut = (document: RuleDocument, days: number, patientId?: string): Promise<BackTest> =>
  told(api.POST('/api/alert-rules/try-out', { body: { document, days, patientId } }));

/** What the newest version would have done, which counts for enabling it for a day. */
export const backTest = (id: string, days: number, header: Header): Promise<BackTest> =>
  told(api.POST('/api/alert-rules/{id}/back-tests', { params: { path: { id }, header }, body: { days } }));

/**
 * @param reason signs for a version that was not tested, or would ring more often than the budget allows
 * @throws Refused 409 ALERT_RULE.NOT_TESTED, ALERT_RULE.OVER_BUDGET
 */
export const enableRule = (id: string, reason: string | undefined, header: Header): Promise<AlertRule> =>
  told(
    api.POST('/api/alert-rules/{id}/enable', {
      params: { path: { id }, header },
      body: reason ? { override: { reason } } : {},
    }),
  );

/** @throws Refused 409 ALERT_RULE.GAP_STAYS */
export const disableRule = (id: string): Promise<AlertRule> =>
  told(api.POST('/api/alert-rules/{id}/disable', { params: { path: { id } }, keepalive: true }));

/** After a rule was written, or may have been: whatever shows rules asks again. */
export function useRulesChanged(): (rule: AlertRule | undefined, id?: string) => void {
  const client = useQueryClient();
  return (rule, id = rule?.id) => {
    if (rule) client.setQueryData(ruleKey(rule.id), rule);
    else if (id) void client.invalidateQueries({ queryKey: ruleKey(id) });
    void client.invalidateQueries({ queryKey: rulesKey });
  };
}

const timingsKey = (id: string, patientId: string) => [...ruleKey(id), 'gap-timings', patientId] as const;

/** Who gave a patient which time in which a reading is missed, the latest first. */
export function useGapTimings(id: string, patientId: string) {
  const client = useQueryClient();
  const queryKey = timingsKey(id, patientId);
  const timings = useQuery({
    queryKey,
    queryFn: () =>
      told(api.GET('/api/alert-rules/{id}/gap-timings', { params: { path: { id }, query: { patientId } } })),
  });
  return { timings, changed: () => client.invalidateQueries({ queryKey }) };
}

/** The latest holds. @throws Refused 409 ALERT_RULE.NO_GAP */
export const retimeGap = (id: string, body: { patientId: string; minutes: number; reason: string }) =>
  told(api.PUT('/api/alert-rules/{id}/gap-timings', { params: { path: { id } }, body }));
