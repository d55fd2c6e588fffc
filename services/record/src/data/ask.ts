import { neighbour, type SidecarAddress, Unavailable } from '@cabinet/kit';
import type { z } from 'zod';

/**
 * Asks a neighbour through the own sidecar.
 * @returns undefined when the neighbour says there is no such thing (404, 410)
 * @throws Unavailable (503) when it cannot be reached or its answer is not of the form that is needed
 */
export async function ask<T>(
  sidecar: SidecarAddress,
  appId: string,
  path: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const question = new Request(`http://${appId}${path}`, { headers: { accept: 'application/json' } });
  const response = await neighbour(sidecar, appId)(question);
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel();
    return undefined;
  }
  const answer = response.ok ? schema.safeParse(await response.json()) : undefined;
  if (answer?.success) return answer.data;
  throw new Unavailable('NEIGHBOUR.UNAVAILABLE', `The ${appId} service did not give a usable answer`, {
    cause: answer?.error ?? new Error(`answered ${response.status}`),
  });
}
