#pragma once

#include "shared/base/error.hpp"
#include "shared/model/uri.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <string_view>
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

// The client's name for an edit, by which one that is sent again is known.
class EditId {
public:
    static constexpr std::string_view pattern = "^[0-9A-Za-z_-]{8,64}$";

    EditId() = default;
    // "edit-1790000000000-7": when it was made, and the how-manieth of that client.
    EditId(std::int64_t now, std::int32_t nth);
    // Errors: invalid_value.
    static Result<EditId> parse(std::string_view text);

    const std::string& str() const noexcept { return text_; }

    bool operator==(const EditId&) const = default;

private:
    std::string text_;
};

// POST /api/edits: {"id": "…", "change": {"like": {"uri": "spotify:track:…"}}}. Applied once however often it
// is sent.
struct Edit {
    EditId id;
    Change change;
    bool operator==(const Edit&) const = default;
};
BOOST_DESCRIBE_STRUCT(Edit, (), (id, change))

// GET /api/library/contains
struct Contains {
    std::vector<bool> saved;  // in the order asked for
    bool operator==(const Contains&) const = default;
};
BOOST_DESCRIBE_STRUCT(Contains, (), (saved))

}  // namespace cadenza
