import { expect, test } from 'vitest';
import { environmentOf } from './environment.ts';

test.each([
  ['shop-prod', 'production'],
  ['aws.eu-west-1.prd', 'production'],
  ['prod2-eu', 'production'],
  ['pre-prod-eu', 'pre-production'],
  ['admin@dev', 'development'],
  ['test-of-dev', 'development'],
  ['arn:aws:eks:eu-west-1:1:cluster/staging', 'staging'],
  ['kind-kind', ''],
  ['products', ''],
  ['developer-portal', ''],
])('%s is of "%s"', (context, environment) => expect(environmentOf(context)).toBe(environment));
