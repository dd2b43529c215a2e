#include "server/session/key_ring.hpp"

#include "server/base/base64url.hpp"
#include "server/session/cookie_session_store.hpp"
#include "tests/server/store_rig.hpp"

namespace cadenza::server {
namespace {

const SealingKey old_key{"old", Secret(std::string(32, 'o'))};
const SealingKey new_key{"new", Secret(std::string(32, 'n'))};

}  // namespace

TEST_CASE("a key ring opens what older keys sealed, and says that it is to be sealed anew") {
    const auto sealed = KeyRing({old_key}).seal("text", "purpose");
    CHECK(KeyRing({new_key, old_key}).open(sealed, "purpose") == "text");
    CHECK_FALSE(KeyRing({new_key, old_key}).unseal(sealed, "purpose")->by_first);
    CHECK(KeyRing({old_key, new_key}).unseal(sealed, "purpose")->by_first);
    CHECK_FALSE(KeyRing({new_key}).open(sealed, "purpose"));
    CHECK_FALSE(KeyRing({old_key}).open(sealed, "another"));
    CHECK(KeyRing({new_key, old_key}).seal("text", "purpose").starts_with("new."));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto bent = sealed;
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(KeyRing({old_key}).open(bent, "purpose") == "text");
    }
}

TEST_CASE("the version and the key's id are sealed in") {
    const auto sealed = KeyRing({old_key}).seal("text", "purpose");
    auto bytes = *from_base64url(sealed.substr(4));
    CHECK(bytes[0] == 1);
    bytes[0] = 2;
    CHECK_FALSE(KeyRing({old_key}).open("old." + to_base64url(bytes), "purpose"));
    // The same key under another id.
    const SealingKey renamed{"renamed", old_key.bytes};
    CHECK_FALSE(KeyRing({renamed}).open("renamed." + sealed.substr(4), "purpose"));
    for (const auto* broken : {"", ".", "old.", "old.A", "old", "old.!!", ".AAAA"})
        CHECK_FALSE(KeyRing({old_key}).open(broken, "purpose"));
}

TEST_CASE("new keys count from the moment they are loaded") {
    KeyRing ring({old_key});
    const auto sealed = ring.seal("text", "purpose");
    ring.reload({new_key, old_key});
    CHECK(ring.ids() == std::vector<std::string>{"new", "old"});
    CHECK(ring.open(sealed, "purpose") == "text");
    CHECK(ring.seal("text", "purpose").starts_with("new."));
    ring.reload({new_key});
    CHECK_FALSE(ring.open(sealed, "purpose"));
}

// The steps of docs/sessions.md: both learn the new key, then both seal with it, then both forget the old
// one. At every point one replica is a step ahead of the other.
TEST_CASE("rotating the keys of two replicas, one after the other, logs nobody out") {
    const std::vector<std::vector<SealingKey>> steps{
        {old_key}, {old_key, new_key}, {new_key, old_key}, {new_key}};
    KeyRing keys[] = {KeyRing(steps[0]), KeyRing(steps[0])};
    CookieSessionStore replicas[] = {{keys[0], {}}, {keys[1], {}}};
    auto ticket = *run(replicas[0].create(session_of("anna"), 0));
    const auto visit = [&](CookieSessionStore& replica) {
        const auto found = run(replica.find(ticket, 1));
        REQUIRE(found);
        REQUIRE(*found);
        if ((*found)->ticket) ticket = *(*found)->ticket;
    };
    for (std::size_t step = 1; step < steps.size(); ++step) {
        for (auto& ring : keys) {
            ring.reload(steps[step]);
            for (int i = 0; i < 2; ++i)
                for (auto& replica : replicas) visit(replica);
        }
    }
    CHECK(ticket.reveal().starts_with("new."));
    CHECK_FALSE(run(replicas[0].find(ticket, 1))->value().ticket);  // nothing more to do
}

}  // namespace cadenza::server
