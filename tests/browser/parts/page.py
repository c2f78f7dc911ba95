"""One part of the app: the inside of a network that the address names, else two live figures."""

import cell
import live
import streamlit as st

if "network" in st.query_params:
    cell.show(st.query_params["network"])
else:
    live.show()
