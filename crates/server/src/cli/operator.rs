//! The person at the command line, as the audit names them.

use uuid::Uuid;

use lienthong_domain::access::Actor;
use lienthong_domain::ids::ActorId;

/// The same on every instance, so that an audit trail shows at once what was done at the machine. Not an account:
/// no token can name it, since `actors::find` does not know it.
const OPERATOR: Uuid = Uuid::from_u128(0x0000_0000_0000_8000_8000_0000_0000_0001);

/// Somebody who could as well open the database file: every permission.
pub(crate) const fn operator() -> Actor {
    Actor::operator(ActorId::from_uuid(OPERATOR))
}
