import { answers } from './wait.ts';

interface EurekaAnswer {
  applications?: { application?: { name: string; instance: { status: string }[] }[] };
}

/** The state of each process that the registry knows, by its name in lower case; UP when any of its instances is. */
export async function registeredInstances(registryUrl: string): Promise<Map<string, string>> {
  const response = await answers(`${registryUrl}/eureka/apps`, 200, { accept: 'application/json' });
  const { applications } = (await response.json()) as EurekaAnswer;
  return new Map(
    (applications?.application ?? []).map(({ name, instance }) => {
      const states = instance.map(({ status }) => status);
      return [name.toLowerCase(), states.includes('UP') ? 'UP' : (states[0] ?? 'DOWN')];
    }),
  );
}
