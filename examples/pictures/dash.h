#pragma once

namespace pictures {

enum class Dash { solid, dashed, dotted, none };  // none: no line at all

}  // namespace pictures
