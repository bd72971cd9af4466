"""Reading. Every query takes the viewer first and returns only what lies under the viewer's units."""
