import { ConfigurationError, processEnvironment, readEnvironment } from '@cabinet/kit';
import { z } from 'zod';

const gatewayEnvironment = processEnvironment.extend({
  APP_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  JWKS_URL: z.url(),
  TOKEN_ISSUER: z.string().default('cabinet'),
});

export type GatewayConfig = z.infer<typeof gatewayEnvironment>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const config = readEnvironment(gatewayEnvironment, env);
  if (config.REGISTRY_URLS.length === 0) {
    throw new ConfigurationError(['REGISTRY_URLS: the gateway finds the services there, name at least one registry']);
  }
  return config;
}
