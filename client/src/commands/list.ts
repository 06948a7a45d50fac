// The commands that have a file here, in the order of package.json; those that change a cluster follow (changes.ts).
import { filters, groups } from './arrange.ts';
import { chooseKubeconfig } from './chooseKubeconfig.ts';
import { closeContext } from './closeContext.ts';
import type { Command } from './command.ts';
import { compareEarlier } from './compareEarlier.ts';
import { compareWithFiles } from './compareWithFiles.ts';
import { copyName } from './copyName.ts';
import { diffCluster } from './diffCluster.ts';
import { diffHead } from './diffHead.ts';
import { diffRepository } from './diffRepository.ts';
import { diffRevision } from './diffRevision.ts';
import { editObject } from './editObject.ts';
import { fetchCharts } from './fetchCharts.ts';
import { followCommit } from './followCommit.ts';
import { forwardPort, showForwards } from './forwardPort.ts';
import { goToObject } from './goToObject.ts';
import { newManifest } from './newManifest.ts';
import { openContext } from './openContext.ts';
import { openContexts } from './openContexts.ts';
import { openFile } from './openFile.ts';
import { openShell } from './openShell.ts';
import { openK9s, openTerminal } from './openTerminal.ts';
import { pin, unpin } from './pin.ts';
import { previewApplied } from './previewApplied.ts';
import { previewCluster } from './previewCluster.ts';
import { refresh } from './refresh.ts';
import { reopenContexts } from './reopenContexts.ts';
import { restartServers } from './restartServers.ts';
import { retryContext } from './retryContext.ts';
import { showLive } from './showLive.ts';
import { showLog } from './showLog.ts';
import { showLogs, showPreviousLogs } from './showLogs.ts';
import { showObject } from './showObject.ts';
import { showRollout } from './showRollout.ts';
import { signIn } from './signIn.ts';

export const commands: readonly Command[] = [
  newManifest,
  previewApplied,
  previewCluster,
  diffHead,
  diffRevision,
  diffCluster,
  diffRepository,
  followCommit,
  fetchCharts,
  goToObject,
  openFile,
  compareWithFiles,
  compareEarlier,
  showLive,
  ...filters,
  ...groups,
  openContext,
  closeContext,
  openContexts,
  reopenContexts,
  openTerminal,
  openK9s,
  retryContext,
  signIn,
  showRollout,
  showLogs,
  showPreviousLogs,
  openShell,
  forwardPort,
  showForwards,
  showObject,
  editObject,
  pin,
  unpin,
  copyName,
  chooseKubeconfig,
  refresh,
  restartServers,
  showLog,
];
