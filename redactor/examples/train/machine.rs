//! A linear support vector machine with L2 loss, trained in the dual, one example at a time: Hsieh, Chang, Lin, Keerthi,
//! Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1.

use super::random::Random;

/// How often all examples are gone through.
const ROUNDS: usize = 60;

/// A word: the features that it has, and whether it is what is looked for.
pub(crate) struct Example {
    pub(crate) features: Vec<usize>,
    pub(crate) right: bool,
    /// What an error on it costs.
    pub(crate) cost: f64,
}

/// A weight for each feature.
pub(crate) struct Machine {
    weights: Vec<f64>,
}

impl Machine {
    pub(crate) fn trained(features: usize, examples: Vec<Example>) -> Machine {
        let mut machine = Machine { weights: vec![0.0; features] };
        let squares: Vec<f64> = examples.iter().map(|example| square(&example.features)).collect();
        let mut factors = vec![0.0; examples.len()];
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut random = Random::new(0x5c0e);
        for _ in 0..ROUNDS {
            for at in (1..order.len()).rev() {
                order.swap(at, random.below(at as u64 + 1) as usize);
            }
            for at in &order {
                let Example { features, right, cost } = &examples[*at];
                let sign = if *right { 1.0 } else { -1.0 };
                let diagonal = 0.5 / cost;
                let gradient = sign * machine.sum(features.iter().copied()) - 1.0 + diagonal * factors[*at];
                let factor = (factors[*at] - gradient / (squares[*at] + diagonal)).max(0.0);
                let step = sign * (factor - factors[*at]);
                factors[*at] = factor;
                features.iter().for_each(|feature| machine.weights[*feature] += step);
            }
        }
        machine
    }

    /// What the features of a word come to.
    pub(crate) fn sum(&self, features: impl Iterator<Item = usize>) -> f64 {
        features.map(|feature| self.weights[feature]).sum()
    }

    pub(crate) fn largest(&self) -> f64 {
        self.weights.iter().fold(0.0, |most, weight| weight.abs().max(most))
    }

    /// The weights as bytes, and by how much they were multiplied.
    pub(crate) fn rounded(&self) -> (f64, Vec<i8>) {
        let scale = f64::from(i8::MAX) / self.largest();
        (scale, self.scaled(scale))
    }

    pub(crate) fn scaled(&self, scale: f64) -> Vec<i8> {
        self.weights.iter().map(|weight| (weight * scale).round() as i8).collect()
    }
}

/// A word's features multiplied by themselves: one that it has twice counts four times.
fn square(features: &[usize]) -> f64 {
    let mut features = features.to_vec();
    features.sort_unstable();
    features.chunk_by(|one, other| one == other).map(|same| (same.len() * same.len()) as f64).sum()
}
