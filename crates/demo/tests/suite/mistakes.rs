//! What goes wrong is found where [`Plot`] says.

use annals_demo::{Moment, Plot, Scene};
use annals_event::{NewEvent, StreamName};
use proptest::prelude::*;

use crate::told::{at, cents, events, month, payload};

/// The event of a scene, and the place that it has in its stream.
fn event_of<'a>(moments: &'a [Moment], stream: &StreamName, scene: Scene) -> &'a NewEvent {
    let of_stream = events(moments).filter(|event| event.stream == *stream);
    let (version, event) =
        (1..).zip(of_stream).find(|(_, event)| event.event_id == Some(scene.event_id)).unwrap();
    assert_eq!((scene.version.0, scene.happened_at), (version, event.timestamp.unwrap()));
    event
}

fn actor(event: &NewEvent) -> &str {
    event.actor_id.as_ref().unwrap().as_str()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_mistake_is_told_and_corrected_within_the_month(seed: u64) {
        let (business, moments) = month(seed);
        for plot in Plot::ALL {
            let chapter = business.story().chapter(plot).unwrap_or_else(|| panic!("{plot:?} is not told"));
            event_of(&moments, &chapter.stream, chapter.wrong);
            prop_assert_eq!(chapter.corrected.is_none(), plot == Plot::LateDelivery);
            if let Some(corrected) = chapter.corrected {
                event_of(&moments, &chapter.stream, corrected);
            }
        }
    }

    #[test]
    fn the_grinder_is_sold_for_a_tenth_in_one_night_only(seed: u64) {
        let (business, moments) = month(seed);
        let chapter = business.story().chapter(Plot::PriceAtNight).unwrap();
        let wrong = event_of(&moments, &chapter.stream, chapter.wrong);
        prop_assert_eq!((actor(wrong), cents(&payload(wrong)["price"])), ("tom", 890));
        let mut cheap = Vec::new();
        for event in events(&moments).filter(|event| event.event_type.as_str() == "OrderPlaced") {
            for line in payload(event)["lines"].as_array().unwrap() {
                if line["product"] == "grinder" && cents(&line["price"]) != 8_900 {
                    cheap.push(event.timestamp.unwrap());
                }
            }
        }
        prop_assert!(cheap.len() >= 2);
        prop_assert!(cheap.iter().all(|when| (at(12, 2, 13)..at(12, 7, 5)).contains(when)));
    }

    #[test]
    fn more_is_refunded_than_was_paid(seed: u64) {
        let (business, moments) = month(seed);
        let chapter = business.story().chapter(Plot::DoubleRefund).unwrap();
        let wrong = event_of(&moments, &chapter.stream, chapter.wrong);
        prop_assert_eq!(actor(wrong), "lena");
        let corrected = event_of(&moments, &chapter.stream, chapter.corrected.unwrap());
        prop_assert_eq!(actor(corrected), "maria");
        prop_assert_eq!(cents(&payload(wrong)["refunded"]), 2 * cents(&payload(corrected)["refunded"]));
    }

    #[test]
    fn jonas_grants_what_he_may_not_and_nothing_behind_his_suspension_is_his(seed: u64) {
        let (business, moments) = month(seed);
        let chapter = business.story().chapter(Plot::OwnDiscountLimit).unwrap();
        let wrong = event_of(&moments, &chapter.stream, chapter.wrong);
        prop_assert_eq!((actor(wrong), chapter.stream.to_string()), ("jonas", "User/jonas".to_owned()));
        let granted: Vec<_> =
            events(&moments).filter(|event| event.event_type.as_str() == "DiscountGranted").collect();
        prop_assert_eq!(granted.len(), 3);
        for event in granted {
            prop_assert_eq!(actor(event), "jonas");
            prop_assert!(event.tags.as_slice().iter().any(|tag| tag.as_str() == "customer:17"));
        }
        let suspended = events(&moments).position(|event| event.event_type.as_str() == "AccessSuspended");
        prop_assert!(events(&moments).skip(suspended.unwrap()).all(|event| actor(event) != "jonas"));
    }

    #[test]
    fn what_was_delivered_on_the_day_offline_is_told_in_the_evening(seed: u64) {
        let (business, moments) = month(seed);
        let late = business.story().chapter(Plot::LateDelivery).unwrap().wrong;
        prop_assert!((at(19, 9, 0)..at(19, 18, 30)).contains(&late.happened_at));
        prop_assert!((at(19, 19, 30)..at(19, 19, 40)).contains(&late.recorded_at));
        let delivered = events(&moments).filter(|event| event.event_type.as_str() == "OrderDelivered");
        let on_the_day = delivered.filter(|event| {
            (at(19, 9, 0)..at(19, 18, 30)).contains(&event.timestamp.unwrap())
        });
        let ids: Vec<_> = on_the_day.map(|event| event.event_id).collect();
        let told_in_daylight = moments.iter().filter(|moment| moment.at < at(19, 19, 30));
        prop_assert!(!told_in_daylight.flat_map(|moment| &moment.append.events).any(|event| ids.contains(&event.event_id)));
    }
}
