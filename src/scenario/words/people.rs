//! People who are given one by one, in words, and doubts about people of the start.

use crate::world::{Initial, Member, RoleId, Strategy, role_id};

use super::Words;
use super::phrases::{number, row};

impl Words<'_> {
    /// Describes the people who are given one by one.
    pub(super) fn people(&mut self, strategy: &Strategy) {
        let of = |is_wanted: fn(&Member) -> bool| strategy.people.0.iter().filter(move |member| is_wanted(member));
        if of(Member::is_present).next().is_some() {
            let roles = self.people_by_role(of(Member::is_present));
            let [first, last] = self.dates(of(Member::is_present).map(|member| member.joined_day));
            self.say(2, format!("already present: {roles}, joined from {first} to {last}"));
        }
        let leaving = || of(|member| member.gone_day.is_some());
        if leaving().next().is_some() {
            let [first, last] = self.dates(leaving().filter_map(|member| Some(member.gone_day? - 1.0)));
            let count = number(leaving().count() as f64);
            self.say(3, format!("{count} of them have given notice; their last days are from {first} to {last}"));
        }
        let part_time = of(|member| member.fte < 1.0).count();
        if part_time > 0 {
            let missing: f64 = strategy.people.0.iter().map(|member| 1.0 - member.fte).sum();
            let (count, missing) = (number(part_time as f64), number((100.0 * missing).round() / 100.0));
            self.say(3, format!("{count} work part time, together {missing} FTE less than their number"));
        }
        let signed = || of(|member| !member.is_present());
        if signed().next().is_some() {
            let [first, last] = self.dates(signed().map(|member| member.joined_day));
            let roles = self.people_by_role(signed());
            self.say(2, format!("with a signed offer: {roles}, join from {first} to {last}"));
        }
    }

    /// `2 of lead and 34 of engineer`.
    fn people_by_role<'m>(&self, members: impl Iterator<Item = &'m Member> + Clone) -> String {
        let count = |role: RoleId| members.clone().filter(|member| member.role == role).count();
        let roles = (0..self.scenario.world.roles.len()).map(|role| (role_id(role), count(role_id(role))));
        let said = roles.filter(|(_, count)| *count > 0);
        row(&said.map(|(role, count)| format!("{} of {}", number(count as f64), self.role(role))).collect::<Vec<_>>())
    }

    /// Returns the dates of the first and the last of some days.
    fn dates(&self, days: impl Iterator<Item = f64>) -> [String; 2] {
        let (first, last) =
            days.fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), day| (day.min(first), day.max(last)));
        [first, last].map(|day| self.scenario.world.months.date(day).to_string())
    }

    /// Returns what is odd about the people of the start.
    pub(super) fn doubts_on_people(&self, strategy: &Strategy) -> Vec<String> {
        let world = &self.scenario.world;
        let roles = (0..world.roles.len()).map(role_id);
        roles.flat_map(|role| [self.outlived(strategy, role), self.too_many(strategy, role)]).flatten().collect()
    }

    /// Why people leave on day 0: nobody stays as long as they have.
    fn outlived(&self, strategy: &Strategy, role: RoleId) -> Option<String> {
        let law = self.scenario.world.organisation(strategy.employer).attrition_of(role)?.tenure_days.as_ref()?;
        let is_beyond = |initial: &&Initial| initial.role == role && initial.tenure_days.quantile(0.5) >= law.maximum();
        let listed: u32 = strategy.initial.iter().filter(is_beyond).map(|initial| initial.headcount).sum();
        let stays = |member: &&Member| member.is_present() && member.gone_day.is_none() && member.role == role;
        let by_name = strategy.people.0.iter().filter(stays).filter(|member| -member.joined_day >= law.maximum()).count();
        let gone = f64::from(listed) + by_name as f64;
        (gone > 0.0).then(|| {
            format!(
                "{} of {} leave on day 0, as nobody stays longer than {} days; a law fitted to leavers alone is too short, because \
                 it leaves out those who stayed",
                number(gone),
                self.role(role),
                number(law.maximum().round())
            )
        })
    }

    /// Why people are released as soon as others join: there are more, with those who have signed an offer, than are wanted.
    fn too_many(&self, strategy: &Strategy, role: RoleId) -> Option<String> {
        let initial = strategy.initial.iter().filter(|initial| initial.role == role).map(|initial| initial.headcount);
        let comes = |member: &&Member| member.role == role && member.gone_day.is_none();
        let (present, signed): (Vec<&Member>, Vec<&Member>) =
            strategy.people.0.iter().filter(comes).partition(|member| member.is_present());
        let wanted = self.scenario.world.demand[usize::from(role.0)].at(0.0);
        let present = initial.sum::<u32>() as usize + present.len();
        let surplus = (present + signed.len()).saturating_sub(wanted as usize);
        (surplus > 0 && !signed.is_empty()).then(|| {
            format!(
                "{} of {} are present or have signed an offer, but {} are wanted on day 0: the newest {} released",
                number((present + signed.len()) as f64),
                self.role(role),
                number(wanted.into()),
                if surplus == 1 { "one is".to_owned() } else { format!("{surplus} are") }
            )
        })
    }
}
