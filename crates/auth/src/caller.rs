use annals_event::{ActorId, LogName, Timestamp};

use crate::{AllowedLogs, Permission, Role, Roles};

/// Who asks, and what she may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub(crate) subject: ActorId,
    pub(crate) roles: Roles,
    pub(crate) logs: AllowedLogs,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) credential: Credential,
}

/// By what a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// By nothing: the server has no key and listens on this machine only.
    Loopback,
    /// By a token in the header `Authorization`.
    Token,
    /// By a session's cookie, which a browser sends by itself.
    Session,
    /// By a code that can be used once.
    Code,
    /// By an identity provider.
    Provider,
}

/// Whose events a caller may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadScope {
    /// Everybody's.
    All,
    /// Those whose actor is this one.
    Own(ActorId),
}

impl Caller {
    /// Whoever sits at this machine, where no key is configured: nobody is known, and everything is allowed.
    #[must_use]
    pub fn admin_on_loopback() -> Self {
        Self {
            subject: ActorId::anonymous(),
            roles: [Role::Admin].into_iter().collect(),
            logs: AllowedLogs::All,
            expires: None,
            credential: Credential::Loopback,
        }
    }

    /// The name by which the caller appears as an actor; `anonymous` when nobody is known.
    #[must_use]
    pub fn subject(&self) -> &ActorId {
        &self.subject
    }

    /// What the caller is to the logs.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// The logs that the caller may use.
    #[must_use]
    pub fn logs(&self) -> &AllowedLogs {
        &self.logs
    }

    /// When the credential ends; `None` when it does not.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// By what the caller is known.
    #[must_use]
    pub fn credential(&self) -> Credential {
        self.credential
    }

    /// Whether it is known who the caller is.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.credential != Credential::Loopback
    }

    /// Whether any of the caller's roles allows `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.allow(permission)
    }

    /// Whether the caller may use `log`.
    #[must_use]
    pub fn may_use(&self, log: &LogName) -> bool {
        self.logs.contain(log)
    }

    /// Whose events the caller may read; `None` when nobody's.
    #[must_use]
    pub fn read_scope(&self) -> Option<ReadScope> {
        if self.may(Permission::ReadAll) {
            return Some(ReadScope::All);
        }
        self.may(Permission::ReadOwn).then(|| ReadScope::Own(self.subject.clone()))
    }

    /// Whether the caller may append an event that `actor` did.
    #[must_use]
    pub fn may_append_as(&self, actor: &ActorId) -> bool {
        self.may(Permission::AppendForOthers) || (self.may(Permission::AppendOwn) && *actor == self.subject)
    }
}

impl ReadScope {
    /// Whether an event of `actor` may be seen; `None` is an actor who was erased, and so nobody's own.
    #[must_use]
    pub fn shows(&self, actor: Option<&ActorId>) -> bool {
        match self {
            Self::All => true,
            Self::Own(own) => actor == Some(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[Role]) -> Caller {
        Caller {
            subject: ActorId::new("maria").expect("a name"),
            roles: roles.iter().copied().collect(),
            logs: AllowedLogs::All,
            expires: None,
            credential: Credential::Token,
        }
    }

    #[test]
    fn a_reader_sees_her_own_events_an_auditor_all_and_a_writer_none() {
        let maria = ActorId::new("maria").expect("a name");
        let jonas = ActorId::new("jonas").expect("a name");
        let own = caller(&[Role::Reader]).read_scope().expect("a scope");
        assert!(own.shows(Some(&maria)) && !own.shows(Some(&jonas)) && !own.shows(None));
        assert_eq!(caller(&[Role::Reader, Role::Auditor]).read_scope(), Some(ReadScope::All));
        assert_eq!(caller(&[Role::Writer]).read_scope(), None);
    }

    #[test]
    fn a_writer_appends_as_herself_and_a_delegate_as_anybody() {
        let jonas = ActorId::new("jonas").expect("a name");
        let writer = caller(&[Role::Writer]);
        assert!(writer.may_append_as(writer.subject()) && !writer.may_append_as(&jonas));
        assert!(caller(&[Role::Delegate]).may_append_as(&jonas));
        assert!(!caller(&[Role::Auditor]).may_append_as(&jonas));
    }

    #[test]
    fn whoever_sits_at_the_machine_may_do_everything_and_is_nobody() {
        let caller = Caller::admin_on_loopback();
        assert!(Permission::ALL.into_iter().all(|permission| caller.may(permission)));
        assert_eq!(caller.subject(), &ActorId::anonymous());
        assert!(!caller.is_known());
    }
}
