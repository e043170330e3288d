import type { ContributorReport, ContributorReportRequest, ContributorRule as CountedRule } from '@tablewright/engine';
import type { Caller } from './caller.js';

export type { ContributorReport };

/** A rule of contributor insights that a service has made for one of its resources. */
export type ContributorRule = Pick<CountedRule, 'name' | 'keyLabels' | 'value'>;

/** What CloudWatch needs of the one that counts contributors: DynamoDB. */
export interface ContributorsPort {
  /** Of an account and region. */
  rules(caller: Caller): readonly ContributorRule[];
  /** What was counted for a rule; undefined when there is no such rule. */
  report(caller: Caller, ruleName: string, request: ContributorReportRequest): ContributorReport | undefined;
}
