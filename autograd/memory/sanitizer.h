#pragma once

namespace autograd {

// Under AddressSanitizer every block comes fresh and dies for good, or stale pointers would go
// unseen.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kKeepBlocks = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kKeepBlocks = false;
#else
inline constexpr bool kKeepBlocks = true;
#endif
#else
inline constexpr bool kKeepBlocks = true;
#endif

}  // namespace autograd
