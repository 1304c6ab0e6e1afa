import { describe, expect, it } from '@jest/globals';
import { identifiersRule } from './identifiers.rule.ts';
import { printed, sourceFile } from './source-file.ts';
import { readTree } from './tree.ts';

const findingsFor = (line: string): string[] =>
  printed(identifiersRule([sourceFile('apps/api/src/check/check.ts', line)]));

describe('exported names', () => {
  it('are words of the product', () => {
    expect(printed(identifiersRule(readTree()))).toEqual([]);
  });

  it.each([
    'export interface PingData {',
    'export const checkInfo = 1;',
    'export class PartitionManager {',
    'export abstract class BatchProcessor {',
    'export class EventLogImpl {',
    'export interface IClock {',
    'export class BaseController {',
    'export function doFlush(): void {',
    'export async function handle(): Promise<void> {',
    'export type PingReceivedEvent = {',
    'export interface CheckUpdated {',
    'export class PauseCheckCommand {',
    'export function pathUtils(): void {',
  ])('are refused: %s', (line) => {
    expect(findingsFor(line)).toHaveLength(1);
  });

  it.each([
    'export interface PingBody {',
    'export class MemoryEventLog {',
    'export function handlePing(): void {',
    'export function encodeEvent(): string {',
    'export class DataFolderBusyError extends Error {',
    'export type IPAddress = string;',
    'export interface Interval {',
    'export const BEAT_TYPES = [];',
    'export const baseUrl = 1;',
    'const data = 1;',
    '// export const data = 1;',
  ])('are accepted: %s', (line) => {
    expect(findingsFor(line)).toEqual([]);
  });
});
