//! From finished blocks of replications to result files: folding, estimating, and writing rows.

#[path = "subject/finished.rs"]
mod finished;
#[path = "subject/reference.rs"]
mod reference;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use handover::experiment::{Document, Results};

use finished::Finished;

/// Blocks of replications: 4,096 replications of each strategy.
const BLOCKS: u32 = 16;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("results");
    group.sample_size(20);
    for name in ["ramp100", "sixty_engineers"] {
        let finished = Finished::compute(name, BLOCKS);
        let results = finished.estimate();
        let rows = u64::from(finished.study.settings.replications) * finished.study.settings.strategies.len() as u64;
        group.throughput(Throughput::Elements(rows));
        group.bench_function(format!("{name}, fold"), |bencher| bencher.iter_with_large_drop(|| finished.fold()));
        group.bench_function(format!("{name}, estimate"), |bencher| {
            let collected = || (finished.study.clone(), finished.fold());
            let estimate = |(study, collected)| Results::estimate(study, collected);
            bencher.iter_batched(collected, estimate, BatchSize::PerIteration);
        });
        let written = ["replications.csv", "timeline.csv", "replications.parquet"];
        for file in Results::FILES.iter().filter(|file| written.contains(&file.name)) {
            let mut bytes = Vec::new();
            group.bench_function(format!("{name}, {}", file.name), |bencher| {
                bencher.iter(|| {
                    bytes.clear();
                    file.write(&results, &mut bytes).expect("writing to memory cannot fail");
                    black_box(bytes.len())
                });
            });
        }
    }
    group.finish();
    criterion.final_summary();
}
