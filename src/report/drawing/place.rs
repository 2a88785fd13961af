//! Where a label has room in a panel: the place where it covers least.

use super::canvas::{Area, Point};

/// Lines are looked at this often, in pixels.
const LOOKS: f64 = 4.0;
/// What a label must never cover.
const NEVER: f64 = 1e6;
/// A label so much further away, in pixels, might as well cover one more point.
const FURTHER: f64 = 25.0;

/// What is drawn in a panel.
#[derive(Clone, Debug)]
pub(crate) struct Obstacles {
    panel: Area,
    points: Vec<Point>,
    labels: Vec<Area>,
}

impl Obstacles {
    /// An empty panel.
    pub(crate) fn new(panel: Area) -> Self {
        Self { panel, points: Vec::new(), labels: Vec::new() }
    }

    /// Adds a line through points, in pixels.
    pub(crate) fn add_line(&mut self, line: &[Point]) {
        for pair in line.windows(2) {
            let [(x, y), (until_x, until_y)] = [pair[0], pair[1]];
            let length = (until_x - x).hypot(until_y - y);
            let steps = if length.is_finite() { (length / LOOKS).ceil().clamp(1.0, 2000.0) } else { 0.0 };
            let at = |step: u32| f64::from(step) / steps;
            self.points.extend((0..steps as u32).map(|step| (x + at(step) * (until_x - x), y + at(step) * (until_y - y))));
        }
        self.points.extend(line.last().filter(|(x, y)| x.is_finite() && y.is_finite()));
    }

    /// Adds a label that nothing else may cover.
    pub(crate) fn add_label(&mut self, area: Area) {
        self.labels.push(area);
    }

    /// Returns the first of the places at which a label covers least and is near to what it is about; none if it would cover
    /// another label or leave the panel everywhere.
    pub(crate) fn best(&self, places: impl IntoIterator<Item = Area>, about: Point) -> Option<Area> {
        let cost = |place: Area| (self.cost(place) + distance(place, about) / FURTHER, place);
        let best = places.into_iter().map(cost).min_by(|one, other| one.0.total_cmp(&other.0));
        best.filter(|(cost, _)| *cost < NEVER).map(|(_, place)| place)
    }

    fn cost(&self, place: Area) -> f64 {
        let panel = self.panel;
        let is_inside =
            place.left >= panel.left && place.right <= panel.right && place.top >= panel.top && place.bottom <= panel.bottom;
        let holds = |(x, y): &&Point| place.left <= *x && *x <= place.right && place.top <= *y && *y <= place.bottom;
        let covered = self.labels.iter().filter(|label| overlap(label, &place)).count();
        let points = self.points.iter().filter(holds).count() as f64;
        points + NEVER * (covered as f64 + if is_inside { 0.0 } else { 1.0 })
    }
}

/// How far a point is from an area.
fn distance(area: Area, (x, y): Point) -> f64 {
    let beside = |value: f64, from: f64, until: f64| (from - value).max(value - until).max(0.0);
    beside(x, area.left, area.right).hypot(beside(y, area.top, area.bottom))
}

/// Whether two areas have a point in common.
fn overlap(one: &Area, other: &Area) -> bool {
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_goes_where_nothing_is() {
        let mut obstacles = Obstacles::new(Area::new((0.0, 0.0), (100.0, 100.0)));
        obstacles.add_line(&[(0.0, 10.0), (100.0, 10.0)]);
        let place = |top: f64| Area::new((20.0, top), (60.0, top + 20.0));
        let best = |obstacles: &Obstacles, tops: &[f64]| {
            let best = obstacles.best(tops.iter().map(|top| place(*top)), (40.0, 30.0));
            best.map(|place| place.top)
        };
        assert_eq!(best(&obstacles, &[0.0, 40.0, 70.0]), Some(40.0));
        assert_eq!(best(&obstacles, &[0.0, 70.0, 40.0]), Some(40.0), "the nearer of two free places");
        obstacles.add_label(place(45.0));
        assert_eq!(best(&obstacles, &[0.0, 40.0, 70.0]), Some(70.0));
        assert_eq!(best(&obstacles, &[95.0, 0.0]), Some(0.0), "on a line rather than outside");
        assert_eq!(best(&obstacles, &[95.0, 50.0]), None, "neither outside nor on another label");
        assert_eq!(best(&obstacles, &[]), None);
    }
}
