#!/bin/sh
# A study as a SLURM array, one shard per node: sbatch scripts/slurm-array.sh california-notebook
# Then, where all directories can be seen:
#   scripts/caadam collect runs/california-notebook/shard-* --out runs/california-notebook/whole
# A study that tunes takes two rounds: merge what the first one tried into each part, and submit the same again:
#   for part in runs/STUDY/shard-*; do scripts/caadam collect runs/STUDY/shard-* --out "$part"; done
#SBATCH --job-name=caadam
#SBATCH --array=1-8
#SBATCH --nodes=1
#SBATCH --cpus-per-task=16
#SBATCH --requeue
set -eu
study=${1:?usage: sbatch scripts/slurm-array.sh STUDY [OPTION...]}
shift
# A requeued task goes on where it was stopped. Build once before: mvn package -DskipTests.
exec scripts/caadam run "$study" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --workers "$SLURM_CPUS_PER_TASK" \
    --out "runs/$study/shard-$SLURM_ARRAY_TASK_ID" "$@"
