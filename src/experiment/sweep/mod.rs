//! `handover sweep`: what happens at each point of a design, under the same luck.

#[cfg(feature = "report")]
mod charts;
mod commands;
mod document;
mod effects;
#[cfg(feature = "report")]
mod page;
mod tables;
mod tornado;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::ops::Index;
use std::sync::Arc;

use rayon::prelude::*;

use crate::response::ResponseId;
use crate::run::{
    Block, Collected, Content, EXACT_AT_MOST, Experiment, Job, Observations, Plan, PlannedStrategy, PointId, Runs, Settings,
    Stretch, Work, blocks_of, planned, replications_of,
};
use crate::scenario::{Arrangement, BadVariation, Design, Scenario, Variation};
use crate::stats::{Column, Confidence};

use super::designed::Sources;
use super::estimates::{Difference, Results};
use super::matters::Matters;
use super::origin::Origin;
use super::study::{Pairs, Study};

use effects::Effect;

/// Most replications at each point: those up to which values are kept, as points are compared replication by replication.
pub const SWEEP_AT_MOST: u32 = EXACT_AT_MOST;

/// Replications at each point unless another number is asked for.
pub const SWEEP_USUALLY: u32 = 1024;

/// What is asked of each point of a design.
#[derive(Clone, Debug)]
pub struct SweepStudy {
    /// Labels of the scenario files, and the scenarios before their points change them.
    pub files: Arc<Vec<(String, Scenario)>>,
    /// What was asked to vary.
    pub variation: Variation,
    /// Where the files were, if there are several.
    pub sources: Sources,
    /// The points.
    pub design: Arc<Design>,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Replications of each strategy at each point.
    pub replications: u32,
    /// Names of the strategies that are simulated, where a scenario has them; all, if there are none.
    pub strategies: Vec<String>,
    /// Whether each strategy has luck of its own, rather than all of them the same.
    pub independent: bool,
    /// Level of the confidence intervals.
    pub confidence: Confidence,
    /// Names of the responses that are charted and printed, goals aside; the usual ones, if there are none.
    pub responses: Vec<String>,
    /// Whether `replications.csv` is written.
    pub keeps_replications: bool,
}

impl SweepStudy {
    /// The scenario that a study is named after.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.files[0].1
    }

    /// The study of a point alone, which `handover run` carries out with the `--set` arguments of the point.
    fn study_of(&self, point: PointId, scenario: Arc<Scenario>) -> Study {
        let settings = self.settings_of(&scenario);
        let pairs = Pairs::of(settings.strategies.len());
        debug_assert!(point < self.design.points.len());
        Study {
            scenario,
            settings,
            confidence: self.confidence,
            baseline: 0,
            pairs,
            matters: Matters::USUAL,
            origin: Origin::default(),
        }
    }

    /// Whether a strategy of this name is simulated.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        self.strategies.is_empty() || self.strategies.iter().any(|wanted| wanted == name)
    }

    /// For each factor whether all of its levels are numbers.
    fn numeric(&self) -> Vec<bool> {
        let points = &self.design.points;
        let is_number = |level: &str| level.parse::<f64>().is_ok_and(f64::is_finite);
        (0..self.design.factors.len()).map(|factor| points.iter().all(|point| is_number(&point.levels[factor]))).collect()
    }

    fn settings_of(&self, scenario: &Scenario) -> Settings {
        let strategies = scenario.strategies.iter().enumerate().filter(|(_, strategy)| self.wants(&strategy.name));
        Settings {
            seed: self.seed,
            replications: self.replications,
            strategies: strategies.map(|(position, _)| position).collect(),
            independent: self.independent,
        }
    }

    /// What is simulated.
    ///
    /// # Errors
    /// Every point that is no valid scenario.
    pub fn plan(&self) -> Result<Plan, Vec<BadVariation>> {
        let strategies = |point: &PointId| -> Result<Vec<PlannedStrategy>, BadVariation> {
            match self.design.points[*point].scenario(&self.files) {
                Ok(scenario) => Ok(planned(&scenario, &self.settings_of(&scenario))),
                Err(refused) => Err(self.design.refusal(refused, *point)),
            }
        };
        let points: Vec<PointId> = (0..self.design.points.len()).collect();
        let planned: Vec<Result<Vec<PlannedStrategy>, BadVariation>> = points.par_iter().map(strategies).collect();
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for planned in planned {
            match planned {
                Ok(planned) => good.push(planned),
                Err(refused) => bad.push(refused),
            }
        }
        if !bad.is_empty() {
            return Err(bad);
        }
        let (files, design) = (Arc::clone(&self.files), Arc::clone(&self.design));
        Ok(Plan::new(good, move |point| {
            let scenario = design.points[point].scenario(&files);
            Arc::new(scenario.unwrap_or_else(|refused| unreachable!("it was checked: {refused}")))
        }))
    }

    /// All replications that are needed.
    #[must_use]
    pub fn stretches(&self) -> Vec<Stretch> {
        (0..self.design.points.len()).map(|point| Stretch { point, replications: 0..self.replications }).collect()
    }
}

/// Simulates every point of a design.
#[derive(Debug)]
pub struct Sweep {
    study: SweepStudy,
    plan: Arc<Plan>,
    content: Content,
    /// Blocks that are still to come.
    left: u64,
}

impl Sweep {
    /// A sweep with its plan, which was made of the same study.
    #[must_use]
    pub fn new(study: SweepStudy, plan: Arc<Plan>) -> Self {
        let left = Work::new(&plan, study.stretches()).jobs();
        Self { study, plan, content: Content::Responses, left }
    }

    /// The same, whose blocks keep at least this content for others.
    #[must_use]
    pub fn keeping(self, content: Content) -> Self {
        Self { content, ..self }
    }
}

impl Experiment for Sweep {
    type Outcome = io::Result<Swept>;

    fn plan(&self) -> (Arc<Plan>, Content) {
        (Arc::clone(&self.plan), self.content)
    }

    fn next(&self) -> Vec<Stretch> {
        if self.left == 0 { Vec::new() } else { self.study.stretches() }
    }

    fn take(&mut self, _: &Job, _: Block) {
        // What is made of blocks is made of them together, so none needs to be held in memory for it.
        self.left -= 1;
    }

    fn conclude(self, runs: Runs) -> io::Result<Swept> {
        Swept::of(self.study, &runs)
    }
}

/// Differences to the base point, by strategy and response.
type OfPoint = Vec<(usize, ResponseId, Difference)>;

/// What a sweep gave: the estimates of each point, and how points and levels differ.
#[derive(Clone, Debug)]
pub struct Swept {
    /// What was asked.
    pub study: SweepStudy,
    /// What is said of each point.
    points: Vec<Results>,
    /// Each point less the base, by point, strategy and response.
    differences: BTreeMap<(PointId, usize, ResponseId), Difference>,
    effects: Vec<Effect>,
    /// For each factor whether all of its levels are numbers.
    numeric: Vec<bool>,
    /// Where the replications are found again.
    runs: Option<Runs>,
}

impl Swept {
    /// Makes all of it from blocks that are there, a few points at a time.
    fn of(study: SweepStudy, runs: &Runs) -> io::Result<Self> {
        let base = point_of(&study, runs, study.design.base)?;
        let made = |point: PointId| -> io::Result<(Results, OfPoint)> {
            let results = point_of(&study, runs, point)?;
            let differences = differences(&results, &base);
            Ok((results.without_replications(), differences))
        };
        let points: Vec<PointId> = (0..study.design.points.len()).collect();
        let made: Vec<(Results, OfPoint)> = points.par_iter().map(|&point| made(point)).collect::<io::Result<_>>()?;
        let (points, of_points): (Vec<Results>, Vec<_>) = made.into_iter().unzip();
        let mut differences = BTreeMap::new();
        for (point, of_point) in of_points.into_iter().enumerate() {
            differences.extend(of_point.into_iter().map(|(strategy, response, found)| ((point, strategy, response), found)));
        }
        let effects = match study.design.arrangement {
            Arrangement::AllCombinations => effects::effects(&study, &points, runs)?,
            Arrangement::OneAtATime | Arrangement::Listed => Vec::new(),
        };
        let numeric = study.numeric();
        Ok(Self { study, points, differences, effects, numeric, runs: Some(runs.clone()) })
    }

    /// The estimates of a point, as `handover run` gives them: responses and goals, but nothing by month.
    #[must_use]
    pub fn point(&self, point: PointId) -> &Results {
        &self.points[point]
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> usize {
        self.points.len()
    }

    /// The levels of a point, as `--base` takes them: `recruiters=5,transfer=25`.
    #[must_use]
    pub fn levels(&self, point: PointId) -> String {
        self.study.design.levels_of(point)
    }
}

impl Index<PointId> for Swept {
    type Output = Results;

    /// The estimates of a point.
    ///
    /// # Panics
    /// If there is no such point.
    fn index(&self, point: PointId) -> &Results {
        self.point(point)
    }
}

/// The estimates of a point, with the values of its replications.
fn point_of(study: &SweepStudy, runs: &Runs, point: PointId) -> io::Result<Results> {
    let study = study.study_of(point, runs.plan().scenario(point));
    let mut collected = Collected::new(&study.scenario, &study.settings, Content::Responses);
    for block in 0..blocks_of(study.settings.replications) {
        let replications = replications_of(block, study.settings.replications);
        let of = |strategy| {
            let job = Job { point, strategy, replications: replications.clone() };
            runs.block_of(&job, &study.scenario)
        };
        collected.add(&(0..study.settings.strategies.len()).map(of).collect::<io::Result<Vec<Block>>>()?);
    }
    Ok(Results::estimate(study, collected))
}

/// A point less the base, strategy by strategy of the same name, and response by response of the same name.
fn differences(point: &Results, base: &Results) -> OfPoint {
    let about = point.observations.about();
    let mut differences = Vec::new();
    for (strategy, name) in point.study.names().into_iter().enumerate() {
        let Some(of_base) = base.study.names().iter().position(|other| *other == name) else { continue };
        let undefined = || Column::Kept(vec![f64::NAN; point.study.settings.replications as usize]);
        // Each point has a horizon of its own, which days that do not come within it count as.
        let of_base_about = base.observations.about();
        let of_base = |name: &str| {
            let position = of_base_about.iter().position(|column| column.name == name);
            let response = position.and_then(|position| ResponseId::all(of_base_about.len()).nth(position));
            let values = response.and_then(|response| base.observations.restricted(of_base, response));
            values.map_or_else(undefined, |values| Column::Kept(values.into_owned()))
        };
        let there = about.iter().map(|column| of_base(&column.name)).collect();
        let columns = vec![point.observations.columns(strategy).to_vec(), there];
        let both = Observations::of_columns(&point.study.scenario, columns);
        for response in ResponseId::all(about.len()) {
            if about[response.position()].unit == crate::response::Unit::Outcome {
                continue;
            }
            if let Some(found) = both.difference(response, (0, 1), point.study.confidence) {
                differences.push((strategy, response, found.into()));
            }
        }
    }
    differences
}

/// A level as a label: a text without its quotes.
fn unquoted(level: &str) -> &str {
    let inner = level.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains(['"', '\\'])).unwrap_or(level)
}
