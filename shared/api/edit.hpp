#pragma once

#include "shared/base/bounded.hpp"
#include "shared/base/error.hpp"
#include "shared/model/uri.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <variant>
#include <vector>

namespace cadenza {

namespace change {

// Add to, or take from, the user's library: a track, album, artist or playlist.
struct Like {
    Uri uri;
    bool operator==(const Like&) const = default;
};
BOOST_DESCRIBE_STRUCT(Like, (), (uri))

struct Unlike {
    Uri uri;
    bool operator==(const Unlike&) const = default;
};
BOOST_DESCRIBE_STRUCT(Unlike, (), (uri))

}  // namespace change

using Change = std::variant<change::Like, change::Unlike>;

// POST /api/edits: {"id": "…", "change": {"like": {"uri": "spotify:track:…"}}}. The id is the client's, 8 to
// 64 characters of [0-9A-Za-z_-]: an edit is applied once however often it is sent.
struct Edit {
    std::string id;
    Change change;
    bool operator==(const Edit&) const = default;
};
BOOST_DESCRIBE_STRUCT(Edit, (), (id, change))
Status validate(const Edit& edit);

// GET /api/library/contains
struct Contains {
    std::vector<bool> saved;  // in the order asked for
    bool operator==(const Contains&) const = default;
};
BOOST_DESCRIBE_STRUCT(Contains, (), (saved))

}  // namespace cadenza
