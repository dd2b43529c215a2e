#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

namespace cadenza {

// skipped: it could not be looked at, or there is nothing to look at; `what` says why.
enum class DoctorState { ok, warning, failed, skipped };
BOOST_DESCRIBE_ENUM(DoctorState, ok, warning, failed, skipped)

struct DoctorFinding {
    std::string check;  // "redirect_uri"; of a setting that cannot be used, its name: "SESSION_KEYS"
    DoctorState state{};
    std::string what;
    std::string todo;  // empty when there is nothing to do

    bool operator==(const DoctorFinding&) const = default;
};
BOOST_DESCRIBE_STRUCT(DoctorFinding, (), (check, state, what, todo))

// GET /api/doctor: what concerns signing in, since everybody may ask. `cadenza-server --doctor --json`: all.
struct DoctorReport {
    bool ok{};  // nothing failed
    std::string version;
    std::vector<DoctorFinding> findings;

    bool operator==(const DoctorReport&) const = default;
};
BOOST_DESCRIBE_STRUCT(DoctorReport, (), (ok, version, findings))

}  // namespace cadenza
