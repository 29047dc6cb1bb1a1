//! How a customer stands in the programme, as a body (contract 5.6 and 9.3).

use domain::customer::Customer;
use domain::level::{Figures, Ladder, Level, ProgrammeStatus, SpendingToNext};
use domain::merchant::Merchant;
use domain::money::Amount;
use time::OffsetDateTime;

use super::super::wire::status::ProgrammeStatusBody;
use super::figure;

/// How a customer stands at a moment; names of levels are in the programme's first language.
pub(crate) fn programme_status<'c>(
    customer: &'c Customer,
    merchant: &Merchant,
    ladder: &'c Ladder,
    figures: &Figures,
    now: OffsetDateTime,
) -> ProgrammeStatusBody<'c> {
    let status = ProgrammeStatus::of(customer, ladder, &merchant.settings.tiers, figures, now);
    let (points, purchases) = (&figures.points, &figures.purchases);
    let name = |level: &'c Level| level.name(None, merchant.languages.first());
    let percent = |level: &Level| figure::percent(level.reward.value);
    let condition =
        |level: Option<&Level>| figure::amount(level.map_or(Amount::ZERO, |level| level.condition));
    let (with_delivery, without_delivery) = match status.spending_to_next {
        Some(SpendingToNext::WithDelivery(amount)) => (Some(amount), None),
        Some(SpendingToNext::WithoutDelivery(amount)) => (None, Some(amount)),
        None => (None, None),
    };
    ProgrammeStatusBody {
        first_name: customer.name.first(),
        last_name: customer.name.last(),
        customer_id: customer.id.into(),
        points: figure::amount(points.available),
        p2p_points: figure::amount(points.from_customers),
        total_earned_points: figure::amount(points.earned),
        used_points: figure::amount(points.used),
        expired_points: figure::amount(points.expired),
        locked_points: figure::amount(points.locked),
        level: status.level.map(percent),
        level_name: status.level.map(name),
        level_condition_value: condition(status.level),
        next_level: status.next.map(percent),
        next_level_name: status.next.map(name),
        next_level_condition_value: condition(status.next),
        transactions_amount_to_next_level_without_delivery_costs: without_delivery
            .map(figure::amount),
        transactions_amount_without_delivery_costs: figure::amount(
            purchases.amount_without_delivery,
        ),
        transactions_amount_to_next_level: with_delivery.map(figure::amount),
        average_transactions_amount: figure::mean(purchases.amount, purchases.count),
        transactions_count: purchases.count,
        transactions_amount: figure::amount(purchases.amount),
        points_to_next_level: status.points_to_next.map(figure::amount),
        currency: merchant.currency.lower(),
        level_will_expire_in_days: status.retention.map(|retention| retention.days),
        points_since_last_level_recalculation: status
            .retention
            .map(|retention| figure::amount(retention.earned)),
        points_required_to_retain_level: status
            .retention
            .and_then(|retention| retention.required)
            .map(figure::amount),
        points_expiring_next_month: figure::amount(points.expiring_from_next_month),
        points_expiring_breakdown: points
            .expiring
            .iter()
            .map(|(day, points)| (day.to_string(), figure::amount(*points)))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
