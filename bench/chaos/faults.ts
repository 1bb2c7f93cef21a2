import { CLOCK_FAULTS } from "./clock_faults.ts";
import { DISK_FAULTS } from "./disk_faults.ts";
import type { Fault } from "./fault.ts";
import { KILL_FAULTS } from "./kill_faults.ts";
import { KV_FAULTS } from "./kv_faults.ts";
import { NETWORK_FAULTS } from "./network_faults.ts";
import { SHARED_FAULTS } from "./shared_faults.ts";
import { STOP_FAULTS } from "./stop_faults.ts";

export const FAULTS: readonly Fault[] = [
  ...KILL_FAULTS,
  ...STOP_FAULTS,
  ...NETWORK_FAULTS,
  ...DISK_FAULTS,
  ...KV_FAULTS,
  ...CLOCK_FAULTS,
  ...SHARED_FAULTS,
];
