import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { CreatedCredential } from './types.ts';

const accountKey = ['account'] as const;

/** Where the reader is signed in, the one used last first. */
export const useSessions = () =>
  useQuery({ queryKey: [...accountKey, 'sessions'], queryFn: () => told(api.GET('/api/auth/sessions')) });

export const usePasskeys = () =>
  useQuery({ queryKey: [...accountKey, 'passkeys'], queryFn: () => told(api.GET('/api/auth/passkeys')) });

/** Whether an app makes codes, and how many recovery codes are left. */
export const useFactors = () =>
  useQuery({ queryKey: [...accountKey, 'factors'], queryFn: () => told(api.GET('/api/auth/second-factors')) });

export function useAccountChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: accountKey });
}

/**
 * Asks the browser to make a passkey, and keeps it under a name.
 * @throws Refused; a `DOMException` when it was not made: its user thought better of it, or has one here already
 */
export async function addPasskey(name: string) {
  const { options } = await told(api.POST('/api/auth/passkeys/challenge'));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const { id, rawId, response } = made.toJSON() as CreatedCredential;
  const created = { id, rawId, type: 'public-key', clientExtensionResults: {}, response } as const;
  return told(api.POST('/api/auth/passkeys', { body: { name, created } }));
}
