#pragma once

// Which node of a cluster has which slots.

#include "server/redis/client.hpp"
#include "server/redis/options.hpp"
#include "server/redis/slot.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace cadenza::redis {

class ClusterMap {
public:
    // From the reply to CLUSTER SLOTS that came from `source`: a node that does not know its own name leaves
    // it out. Errors: storage_failed for a reply of another shape.
    static Result<ClusterMap> read(const Reply& reply, const Address& source);

    // The master of a slot; nullptr when the slot has none.
    const Address* master_of(std::uint16_t slot) const;
    // Corrects one slot, as MOVED says.
    void move(std::uint16_t slot, const Address& to);
    // Every master.
    const std::vector<Address>& masters() const { return masters_; }

private:
    std::uint16_t number_of(const Address& master);

    static constexpr std::uint16_t none = 0xFFFF;
    std::vector<Address> masters_;
    std::vector<std::uint16_t> owners_ = std::vector<std::uint16_t>(slot_count, none);  // into masters_
};

// Where an error reply sends us.
struct Redirection {
    std::uint16_t slot{};
    Address to;
};

// "MOVED 3999 127.0.0.1:6381", "ASK 3999 :6381" (the host is that of `source`); nullopt for anything else.
std::optional<Redirection> redirection_in(std::string_view text, const Address& source);

}  // namespace cadenza::redis
