//! `lienthong token grant` and `revoke`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use lienthong_app::Snapshot;
use lienthong_app::commands::access;
use lienthong_domain::access::{Permit, Role, act};
use lienthong_persistence::actors::Reach;
use lienthong_persistence::{Store, actors};

use crate::cli::operator::operator;
use crate::cli::output::line;
use crate::database;
use crate::failure::{Failure, refused};

#[derive(Args)]
pub(in crate::cli) struct RoleOptions {
    /// The account
    #[arg(long, value_name = "HANDLE")]
    actor: String,
    /// The role
    #[arg(long, value_parser = role_names())]
    role: Role,
    /// Within this site only, named by its host
    #[arg(long, value_name = "HOST", conflicts_with = "unit")]
    site: Option<String>,
    /// Within the sites of this unit and the units below it, named by code or slug
    #[arg(long, value_name = "CODE-OR-SLUG")]
    unit: Option<String>,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  lienthong token grant --actor lan --role editor --site xuanhoi.nghixuan.hatinh.gov.vn
  lienthong token grant --actor phong-vhtt --name 'Phòng Văn hóa' --role operations-monitor --unit nghi-xuan
  lienthong token grant --actor tinh --role provincial-administrator

Without --site and --unit the role holds on the whole instance.")]
pub(in crate::cli) struct GrantOptions {
    #[command(flatten)]
    role: RoleOptions,
    /// Full name, for an account that is made now
    #[arg(long)]
    name: Option<String>,
}

pub(super) async fn grant(options: &GrantOptions, store: &Store) -> Result<(), Failure> {
    let GrantOptions { role: RoleOptions { actor, role, .. }, name } = options;
    let (reach, place) = reach(&options.role, store).await?;
    let (permit, now) = (permit()?, database::now());
    let name = name.as_deref().unwrap_or(actor);
    let id = access::ensure_actor(store, &permit, (actor, name), now).await.map_err(refused)?;
    access::grant(store, &permit, (id, *role, reach), now).await?;
    line(format!("{actor} is {role} within {place}"));
    Ok(())
}

pub(super) async fn revoke(options: &RoleOptions, store: &Store) -> Result<(), Failure> {
    let RoleOptions { actor, role, .. } = options;
    let (reach, place) = reach(options, store).await?;
    let unknown = || Failure::new(format!("there is no account {actor}, or it is disabled"));
    let id = actors::find_id(store, actor).await?.ok_or_else(unknown)?;
    match access::revoke(store, &permit()?, (id, *role, reach), database::now()).await {
        Err(lienthong_app::Error::NotFound(_)) => Err(Failure::new(format!("{actor} is not {role} within {place}"))),
        done => {
            done?;
            line(format!("{actor} is no longer {role} within {place}"));
            Ok(())
        }
    }
}

/// Reads the name of a role; the help lists them all.
pub(in crate::cli) fn role_names() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str())).try_map(|name| name.parse::<Role>())
}

fn permit() -> Result<Permit<act::ManageAccess>, Failure> {
    Ok(operator().permit()?)
}

async fn reach(options: &RoleOptions, store: &Store) -> Result<(Reach, String), Failure> {
    named_reach(options.site.as_deref(), options.unit.as_deref(), store).await
}

/// What a site or a unit on the command line mean, and how to call it.
pub(in crate::cli) async fn named_reach(
    site: Option<&str>,
    unit: Option<&str>,
    store: &Store,
) -> Result<(Reach, String), Failure> {
    let reference = Snapshot::load(store).await?;
    if let Some(host) = site {
        let site = reference.sites.by_host(host);
        let site = site.ok_or_else(|| Failure::new(format!("there is no site on {host}")))?;
        return Ok((Reach::Site(site.id), site.host.to_string()));
    }
    if let Some(name) = unit {
        let unit = reference.units.named(name, database::now().local_day());
        let unit = unit.ok_or_else(|| Failure::new(format!("there is no unit with the code or slug {name} today")))?;
        return Ok((Reach::Unit(unit.id), unit.full_name.clone()));
    }
    Ok((Reach::Instance, "the whole instance".to_owned()))
}
